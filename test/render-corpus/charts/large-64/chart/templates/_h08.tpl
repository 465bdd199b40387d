{{- define "h08" -}}
key08: {{ printf "%s-%d" .Release.Name 8 | quote }}
{{- end }}
