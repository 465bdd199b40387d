{{- define "h32" -}}
key32: {{ printf "%s-%d" .Release.Name 32 | quote }}
{{- end }}
