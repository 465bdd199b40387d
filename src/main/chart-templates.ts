import { defaultNamespace } from "#core/install/index.ts";

/** What every template begins with. */
export const note = "written by npm run gen; change src/core/install or src/main/chart-*.ts instead";

/** Names that templates share. */
export const helpers = `{{- /* ${note} */ -}}
{{- define "mooring.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{- end }}
{{- end }}
{{- define "mooring.clusterName" -}}
{{- $root := index . 0 }}{{ index . 1 }}{{ if ne $root.Release.Namespace "${defaultNamespace}" }}-{{ $root.Release.Namespace }}{{ end }}
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
`;

/** The claim outlives the release, as all that belongs to the user. */
export const auditClaim = `{{- with .Values.server.persistence }}
{{- if and .enabled (not .existingClaim) }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: mooring-server
  namespace: {{ $.Release.Namespace }}
  labels:
    app.kubernetes.io/name: mooring-server
    app.kubernetes.io/component: server
    app.kubernetes.io/part-of: argocd
  annotations: {{- toYaml (merge (dict) .annotations (dict "helm.sh/resource-policy" "keep")) | nindent 4 }}
spec:
  accessModes: {{- toYaml .accessModes | nindent 4 }}
  {{- with .storageClassName }}
  storageClassName: {{ . | quote }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size | quote }}
{{- end }}
{{- end }}
`;

export const ingress = `{{- with .Values.server.ingress }}
{{- if .enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: mooring-server
  namespace: {{ $.Release.Namespace }}
  labels:
    app.kubernetes.io/name: mooring-server
    app.kubernetes.io/component: server
    app.kubernetes.io/part-of: argocd
  {{- with .annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .className }}
  ingressClassName: {{ . }}
  {{- end }}
  rules:
    - host: {{ required "server.ingress.hostname: is empty; give the name that people use" .hostname | quote }}
      http:
        paths:
          - path: {{ .path }}
            pathType: Prefix
            backend:
              service:
                name: mooring-server
                port:
                  name: https
  {{- with .tls }}
  tls: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
`;
