{{- define "h25" -}}
key25: {{ printf "%s-%d" .Release.Name 25 | quote }}
{{ include "h24" . }}
{{- end }}
