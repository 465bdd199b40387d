{{- define "h24" -}}
key24: {{ printf "%s-%d" .Release.Name 24 | quote }}
{{- end }}
