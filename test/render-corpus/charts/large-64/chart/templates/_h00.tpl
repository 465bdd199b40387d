{{- define "h00" -}}
key00: {{ printf "%s-%d" .Release.Name 0 | quote }}
{{- end }}
