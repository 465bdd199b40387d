{{- define "h21" -}}
key21: {{ printf "%s-%d" .Release.Name 21 | quote }}
{{ include "h20" . }}
{{- end }}
