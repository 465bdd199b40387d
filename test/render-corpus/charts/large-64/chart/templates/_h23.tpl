{{- define "h23" -}}
key23: {{ printf "%s-%d" .Release.Name 23 | quote }}
{{ include "h22" . }}
{{- end }}
