{{- define "h35" -}}
key35: {{ printf "%s-%d" .Release.Name 35 | quote }}
{{ include "h34" . }}
{{- end }}
