{{- define "h09" -}}
key09: {{ printf "%s-%d" .Release.Name 9 | quote }}
{{ include "h08" . }}
{{- end }}
