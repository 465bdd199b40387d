{{- define "h30" -}}
key30: {{ printf "%s-%d" .Release.Name 30 | quote }}
{{ include "h29" . }}
{{- end }}
