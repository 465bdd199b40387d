{{- define "h20" -}}
key20: {{ printf "%s-%d" .Release.Name 20 | quote }}
{{ include "h19" . }}
{{- end }}
