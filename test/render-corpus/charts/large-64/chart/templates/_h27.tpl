{{- define "h27" -}}
key27: {{ printf "%s-%d" .Release.Name 27 | quote }}
{{ include "h26" . }}
{{- end }}
