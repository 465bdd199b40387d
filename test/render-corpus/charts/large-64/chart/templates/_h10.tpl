{{- define "h10" -}}
key10: {{ printf "%s-%d" .Release.Name 10 | quote }}
{{ include "h09" . }}
{{- end }}
