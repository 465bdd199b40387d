{{- define "b.more" -}}
more: {{ .Release.Name }}
{{- end }}{{- define "b.ctx" }}{{ .x }}-{{ .root.Chart.Name }}{{ end }}{{ define "b.empty" }}{{ end }}