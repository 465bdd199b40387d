{{- define "common.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
{{- define "common.configmap.tpl" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-base
  labels:
    {{- include "common.labels" . | nindent 4 }}
data: {}
{{- end -}}
{{- define "common.configmap" -}}
{{- $top := first . -}}
{{- $over := fromYaml (include (index . 1) $top) | default (dict) -}}
{{- $base := fromYaml (include "common.configmap.tpl" $top) | default (dict) -}}
{{- toYaml (merge $over $base) -}}
{{- end -}}
