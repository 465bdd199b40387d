{{- define "h02" -}}
key02: {{ printf "%s-%d" .Release.Name 2 | quote }}
{{ include "h01" . }}
{{- end }}
