{{- define "h22" -}}
key22: {{ printf "%s-%d" .Release.Name 22 | quote }}
{{ include "h21" . }}
{{- end }}
