{{- define "h07" -}}
key07: {{ printf "%s-%d" .Release.Name 7 | quote }}
{{ include "h06" . }}
{{- end }}
