{{- define "h19" -}}
key19: {{ printf "%s-%d" .Release.Name 19 | quote }}
{{ include "h18" . }}
{{- end }}
