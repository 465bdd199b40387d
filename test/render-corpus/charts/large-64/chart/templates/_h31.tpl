{{- define "h31" -}}
key31: {{ printf "%s-%d" .Release.Name 31 | quote }}
{{ include "h30" . }}
{{- end }}
