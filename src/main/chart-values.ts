import type { JsonObject } from "#core/object/index.ts";

/** `values.yaml`, as people read it. */
export const values = `# Written by npm run gen; change src/main/chart-values.ts instead.

image:
  repository: ghcr.io/mooring/mooring
  # The chart's appVersion unless told.
  tag: ""
  # Wins over the tag: sha256:...
  digest: ""
  pullPolicy: IfNotPresent

imagePullSecrets: []

# Whether applications may be deployed to all of the cluster that this is installed in. Otherwise only to the namespace of the release, and to clusters
# that have a Secret with credentials.
clusterWide: true

# Keys of Argo CD's ConfigMaps, by their names; see docs/compatibility.md for what each key does. They are kept when the release is uninstalled.
configs:
  argocd-cm: {}
  argocd-cmd-params-cm: {}
  argocd-rbac-cm: {}
  argocd-ssh-known-hosts-cm: {}
  argocd-tls-certs-cm: {}
  argocd-gpg-keys-cm: {}

# The project that permits everything, which applications are in that name none. It is kept when the release is uninstalled.
defaultProject:
  create: true

networkPolicies:
  enabled: true

controller:
  # One leads, the others take over when it ends.
  replicas: 1
  # Arguments and variables beside the chart's own.
  args: []
  env: []
  resources:
    requests:
      cpu: 100m
      memory: 256Mi
  podAnnotations: {}
  nodeSelector: {}
  tolerations: []
  affinity: {}

server:
  replicas: 1
  args: []
  env: []
  resources:
    requests:
      cpu: 50m
      memory: 128Mi
  podAnnotations: {}
  nodeSelector: {}
  tolerations: []
  affinity: {}
  # A volume for the audit (docs/audit.md), which otherwise goes with the pod. It is one file that one process writes, so that there is one replica then,
  # which ends before the next one starts. The claim is kept when the release is uninstalled.
  persistence:
    enabled: false
    # A claim that is there already, instead of the chart's own.
    existingClaim: ""
    # The cluster's default unless told.
    storageClassName: ""
    accessModes: [ReadWriteOnce]
    # Twice what the audit may take (MOORING_AUDIT_MAX_MIB).
    size: 1Gi
    annotations: {}
  service:
    type: ClusterIP
  ingress:
    enabled: false
    className: ""
    hostname: ""
    path: /
    annotations: {}
    tls: []
`;

const text: JsonObject = { type: "string" };
const flag: JsonObject = { type: "boolean" };
const list: JsonObject = { type: "array" };
const map: JsonObject = { type: "object" };
const texts: JsonObject = { type: "object", additionalProperties: { type: "string" } };

/** An object with these fields and no others: a field that is misspelt is refused, and not passed over. */
function fields(properties: JsonObject): JsonObject {
  return { type: "object", additionalProperties: false, properties };
}

const workload: JsonObject = {
  replicas: { type: "integer", minimum: 0 },
  args: { type: "array", items: text },
  env: list,
  resources: map,
  podAnnotations: texts,
  nodeSelector: texts,
  tolerations: list,
  affinity: map,
};

const settings = ["cm", "cmd-params-cm", "rbac-cm", "ssh-known-hosts-cm", "tls-certs-cm", "gpg-keys-cm"];

export const valuesSchema: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  ...fields({
    global: map,
    image: fields({
      repository: text,
      tag: text,
      digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
      pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
    }),
    imagePullSecrets: list,
    clusterWide: flag,
    configs: fields(Object.fromEntries(settings.map((name) => [`argocd-${name}`, texts]))),
    defaultProject: fields({ create: flag }),
    networkPolicies: fields({ enabled: flag }),
    controller: fields(workload),
    server: fields({
      ...workload,
      persistence: fields({
        enabled: flag,
        existingClaim: text,
        storageClassName: text,
        accessModes: {
          type: "array",
          minItems: 1,
          items: { enum: ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"] },
        },
        size: { type: "string", minLength: 1 },
        annotations: texts,
      }),
      service: fields({ type: { enum: ["ClusterIP", "NodePort", "LoadBalancer"] } }),
      ingress: fields({
        enabled: flag,
        className: text,
        hostname: text,
        path: text,
        annotations: texts,
        tls: list,
      }),
    }),
  }),
};
