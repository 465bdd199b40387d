{{- define "h29" -}}
key29: {{ printf "%s-%d" .Release.Name 29 | quote }}
{{ include "h28" . }}
{{- end }}
