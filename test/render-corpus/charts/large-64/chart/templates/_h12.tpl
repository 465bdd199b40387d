{{- define "h12" -}}
key12: {{ printf "%s-%d" .Release.Name 12 | quote }}
{{ include "h11" . }}
{{- end }}
