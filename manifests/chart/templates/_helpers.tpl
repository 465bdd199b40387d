{{- /* written by npm run gen; change src/core/install or src/main/chart-*.ts instead */ -}}
{{- define "mooring.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{- end }}
{{- end }}
{{- define "mooring.clusterName" -}}
{{- $root := index . 0 }}{{ index . 1 }}{{ if ne $root.Release.Namespace "argocd" }}-{{ $root.Release.Namespace }}{{ end }}
{{- end }}
{{- define "mooring.serverData" -}}
{{- with .Values.server.persistence -}}
- name: data
{{- if .enabled }}
  persistentVolumeClaim:
    claimName: {{ .existingClaim | default "mooring-server" }}
{{- else }}
  emptyDir: {}
{{- end }}
{{- end }}
{{- end }}
{{- define "mooring.serverStrategy" -}}
{{- if .Values.server.persistence.enabled }}
{{- if gt (int .Values.server.replicas) 1 }}
{{- fail (printf "server.replicas: is %d, and with server.persistence.enabled it must be 1: the audit is one file, which one process writes" (int .Values.server.replicas)) }}
{{- end }}
type: Recreate
{{- else }}
type: RollingUpdate
rollingUpdate:
  maxSurge: 1
  maxUnavailable: 0
{{- end }}
{{- end }}
