{{- /* written by npm run gen; change src/core/install or src/main/chart-files.ts instead */ -}}
{{- define "mooring.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{- end }}
{{- end }}
{{- define "mooring.clusterName" -}}
{{- $root := index . 0 }}{{ index . 1 }}{{ if ne $root.Release.Namespace "argocd" }}-{{ $root.Release.Namespace }}{{ end }}
{{- end }}
