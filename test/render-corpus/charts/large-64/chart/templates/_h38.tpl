{{- define "h38" -}}
key38: {{ printf "%s-%d" .Release.Name 38 | quote }}
{{ include "h37" . }}
{{- end }}
