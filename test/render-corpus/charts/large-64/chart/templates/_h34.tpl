{{- define "h34" -}}
key34: {{ printf "%s-%d" .Release.Name 34 | quote }}
{{ include "h33" . }}
{{- end }}
