{{- define "h17" -}}
key17: {{ printf "%s-%d" .Release.Name 17 | quote }}
{{ include "h16" . }}
{{- end }}
