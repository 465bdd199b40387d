{{- define "h33" -}}
key33: {{ printf "%s-%d" .Release.Name 33 | quote }}
{{ include "h32" . }}
{{- end }}
