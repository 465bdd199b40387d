{{- define "h18" -}}
key18: {{ printf "%s-%d" .Release.Name 18 | quote }}
{{ include "h17" . }}
{{- end }}
