{{- define "a.name" -}}{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- define "a.labels" -}}
name: {{ include "a.name" . }}
{{ include "b.more" . }}
{{- end }}
