{{- define "h03" -}}
key03: {{ printf "%s-%d" .Release.Name 3 | quote }}
{{ include "h02" . }}
{{- end }}
