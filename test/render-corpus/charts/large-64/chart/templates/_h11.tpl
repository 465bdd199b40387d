{{- define "h11" -}}
key11: {{ printf "%s-%d" .Release.Name 11 | quote }}
{{ include "h10" . }}
{{- end }}
