{{- define "h36" -}}
key36: {{ printf "%s-%d" .Release.Name 36 | quote }}
{{ include "h35" . }}
{{- end }}
