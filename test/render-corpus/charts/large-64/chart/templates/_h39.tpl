{{- define "h39" -}}
key39: {{ printf "%s-%d" .Release.Name 39 | quote }}
{{ include "h38" . }}
{{- end }}
