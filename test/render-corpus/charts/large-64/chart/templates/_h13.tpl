{{- define "h13" -}}
key13: {{ printf "%s-%d" .Release.Name 13 | quote }}
{{ include "h12" . }}
{{- end }}
