{{- define "h15" -}}
key15: {{ printf "%s-%d" .Release.Name 15 | quote }}
{{ include "h14" . }}
{{- end }}
