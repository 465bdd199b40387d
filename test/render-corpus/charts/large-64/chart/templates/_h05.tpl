{{- define "h05" -}}
key05: {{ printf "%s-%d" .Release.Name 5 | quote }}
{{ include "h04" . }}
{{- end }}
