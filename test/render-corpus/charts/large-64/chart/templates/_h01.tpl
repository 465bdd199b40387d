{{- define "h01" -}}
key01: {{ printf "%s-%d" .Release.Name 1 | quote }}
{{ include "h00" . }}
{{- end }}
