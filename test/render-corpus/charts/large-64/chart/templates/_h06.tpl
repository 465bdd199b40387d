{{- define "h06" -}}
key06: {{ printf "%s-%d" .Release.Name 6 | quote }}
{{ include "h05" . }}
{{- end }}
