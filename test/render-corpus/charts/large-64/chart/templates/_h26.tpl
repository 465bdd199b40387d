{{- define "h26" -}}
key26: {{ printf "%s-%d" .Release.Name 26 | quote }}
{{ include "h25" . }}
{{- end }}
