{{- define "h37" -}}
key37: {{ printf "%s-%d" .Release.Name 37 | quote }}
{{ include "h36" . }}
{{- end }}
