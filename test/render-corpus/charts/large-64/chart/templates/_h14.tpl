{{- define "h14" -}}
key14: {{ printf "%s-%d" .Release.Name 14 | quote }}
{{ include "h13" . }}
{{- end }}
