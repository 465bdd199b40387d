{{- define "h16" -}}
key16: {{ printf "%s-%d" .Release.Name 16 | quote }}
{{- end }}
