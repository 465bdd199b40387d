import type { Case } from "./cases.ts";

/** Kinds that are less common, each as it is and with one edit. */
const KINDS: readonly Omit<Case, "title">[] = [
  {
    before: `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.merge.example.com }
spec:
  group: merge.example.com
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets, shortNames: [gd], categories: [all] }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {}, scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas } }
      additionalPrinterColumns: [{ name: Age, type: date, jsonPath: .metadata.creationTimestamp }]
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-validations: [{ rule: "self.size > 0" }]
              properties:
                size: { type: integer, default: 1, enum: [1, 2] }
                nested: { type: array, items: { type: object, additionalProperties: { type: string } } }
`,
    edits: [["spec.versions.0.schema.openAPIV3Schema.properties.spec.properties.size.enum", [1, 2, 3]]],
  },
  {
    before: `
apiVersion: v1
kind: PersistentVolume
metadata: { name: merge }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  storageClassName: none
  hostPath: { path: /tmp/merge }
`,
    edits: [["metadata.labels", { a: "b" }]],
  },
  {
    before: `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gizmos.merge.example.com }
spec:
  group: merge.example.com
  scope: Namespaced
  names: { kind: Gizmo, plural: gizmos }
  versions:
    - { name: v1, served: true, storage: true, subresources: {}, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }
`,
    edits: [["spec.versions.0.subresources.status", {}]],
  },
  {
    before: "{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: merge }, value: 5 }",
    edits: [["description", "five"]],
  },
  {
    before:
      "{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: merge }, provisioner: none, parameters: { a: b } }",
    edits: [["allowVolumeExpansion", true]],
  },
  {
    before:
      "{ apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: { name: merge }, spec: { controller: a/b } }",
    edits: [["metadata.annotations", { a: "b" }]],
  },
  {
    before: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: merge }
roleRef: { kind: ClusterRole, name: none }
subjects: [{ kind: Group, name: none }]
`,
    edits: [["subjects", []]],
  },
  {
    before: `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: merge }
rules: [{ nonResourceURLs: [/none], verbs: [get] }]
`,
    edits: [["rules.0.verbs", ["get", "post"]]],
  },
  {
    before: `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      nodeSelector: { never: matches }
      containers:
        - name: agent
          image: agent
          securityContext: { privileged: false, capabilities: { drop: [ALL] } }
          livenessProbe: { tcpSocket: { port: 1 } }
          lifecycle: { preStop: { exec: { command: ["true"] } } }
          envFrom: [{ configMapRef: { name: a } }]
          env: [{ name: CPU, valueFrom: { resourceFieldRef: { resource: limits.cpu } } }]
      volumes: [{ name: host, hostPath: { path: /x } }, { name: d, downwardAPI: { items: [{ path: a, fieldRef: { fieldPath: metadata.labels } }] } }]
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Exists }] }]
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: agent } } }]
`,
    edits: [["spec.template.spec.volumes.0.hostPath.type", "Directory"]],
    approximate: "object",
  },
  {
    before:
      "{ apiVersion: v1, kind: Pod, metadata: { name: p }, spec: { nodeSelector: { never: matches }, containers: [{ name: a, image: a }] } }",
    edits: [["metadata.labels", { a: "b" }]],
  },
  {
    before: `
apiVersion: v1
kind: Endpoints
metadata: { name: e }
subsets: [{ addresses: [{ ip: 10.1.2.3 }], ports: [{ port: 80 }] }]
`,
    edits: [["subsets.0.ports.0.name", "http"]],
  },
  {
    before: `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: e }
addressType: IPv4
endpoints: [{ addresses: [10.1.2.3] }]
ports: [{ port: 80 }]
`,
    edits: [["endpoints.0.conditions", { ready: true }]],
  },
  {
    before: `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: merge-test }
webhooks:
  - name: a.example.com
    clientConfig: { url: "https://none.example.com" }
    sideEffects: None
    failurePolicy: Ignore
    admissionReviewVersions: [v1]
    rules: [{ apiGroups: [none.example.com], apiVersions: [v1], operations: [CREATE], resources: [nones] }]
`,
    edits: [["webhooks.0.timeoutSeconds", 3]],
  },
  {
    before:
      "{ apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: { name: l }, spec: { holderIdentity: a } }",
    edits: [["spec.leaseDurationSeconds", 5]],
  },
  {
    before:
      "{ apiVersion: v1, kind: Secret, metadata: { name: s }, type: Opaque, immutable: false, stringData: { a: hello, b: '' } }",
    edits: [["stringData.a", "world"]],
  },
  {
    before: `
apiVersion: v1
kind: Service
metadata: { name: headless }
spec: { clusterIP: None, ports: [{ port: 80 }], publishNotReadyAddresses: false }
`,
    edits: [["spec.ports.0.targetPort", 81]],
  },
  {
    before: "{ apiVersion: v1, kind: ServiceAccount, metadata: { name: only-a-name } }",
    edits: [["automountServiceAccountToken", false]],
  },
  {
    before:
      "{ apiVersion: v1, kind: Service, metadata: { name: ext }, spec: { type: ExternalName, externalName: a.example.com } }",
    edits: [["spec.externalName", "b.example.com"]],
  },
  {
    before: `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: behaved }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: none }
  maxReplicas: 5
  behavior: { scaleDown: { stabilizationWindowSeconds: 60 }, scaleUp: { policies: [{ type: Pods, value: 1, periodSeconds: 15 }] } }
`,
    edits: [["spec.behavior.scaleDown.stabilizationWindowSeconds", 61]],
  },
  {
    before: `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: merge }
spec:
  failurePolicy: Ignore
  matchConstraints: { resourceRules: [{ apiGroups: [none.example.com], apiVersions: [v1], operations: [CREATE], resources: [nones] }] }
  validations: [{ expression: "true" }]
`,
    edits: [["spec.validations.0.message", "no"]],
  },
];

export const MORE_CASES: readonly Case[] = KINDS.flatMap(({ before, edits, ...rest }) => {
  const kind = /kind: (\w+)/.exec(before)?.[1] ?? "";
  const name = /name: ([\w.-]+)/.exec(before)?.[1] ?? "";
  const edit: Case = { ...rest, title: `${kind} ${name}: edited`, before, edits };
  // One case for a definition: it cannot be renamed, and takes its time to go.
  if (kind === "CustomResourceDefinition") return [edit];
  return [{ ...edit, title: `${kind} ${name}: as it is`, edits: [] }, edit];
});
