{{- define "h28" -}}
key28: {{ printf "%s-%d" .Release.Name 28 | quote }}
{{ include "h27" . }}
{{- end }}
