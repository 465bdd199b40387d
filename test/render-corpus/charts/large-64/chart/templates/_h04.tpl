{{- define "h04" -}}
key04: {{ printf "%s-%d" .Release.Name 4 | quote }}
{{ include "h03" . }}
{{- end }}
