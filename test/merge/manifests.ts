export const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.27
          env: [{ name: A, value: "1" }, { name: B, value: "2" }]
          ports: [{ containerPort: 80 }, { containerPort: 53, protocol: UDP }]
          resources: { requests: { cpu: 100m, memory: 128Mi } }
          volumeMounts: [{ name: config, mountPath: /config }]
        - { name: sidecar, image: "busybox:1" }
      volumes: [{ name: config, configMap: { name: web } }, { name: tmp, emptyDir: {} }]
`;

export const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: 8080 }, { name: dns, port: 53, protocol: UDP }]
`;

export const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: config, labels: { a: "1", b: "2" }, annotations: { note: hello } }
data: { one: "1", two: "2", three: "" }
`;

export const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: policy }
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { a: b } } }], ports: [{ port: 80 }, { port: 53, protocol: UDP }] }]
`;

export const HPA = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }]
`;

export const STATEFUL = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 0
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "postgres:17" }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

export const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: a.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

export const JOB = `
apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec:
  suspend: true
  template: { spec: { restartPolicy: Never, containers: [{ name: once, image: "busybox:1" }] } }
`;

export const CRON = `
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec:
  schedule: "0 3 * * *"
  suspend: true
  jobTemplate:
    spec: { template: { spec: { restartPolicy: OnFailure, containers: [{ name: job, image: "busybox:1" }] } } }
`;

export const ROLE = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list] }, { apiGroups: [apps], resources: ["*"], verbs: [get] }]
`;

export const BINDING = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: User, name: ann }, { kind: ServiceAccount, name: bot, namespace: default }]
`;

export const WEBHOOK = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: merge-test }
webhooks:
  - name: a.example.com
    clientConfig: { service: { namespace: none, name: none } }
    objectSelector: { matchLabels: { never: matches } }
    sideEffects: None
    failurePolicy: Ignore
    admissionReviewVersions: [v1]
    rules: [{ apiGroups: [none.example.com], apiVersions: [v1], operations: [CREATE], resources: [nones] }]
`;

export const WIDGET = `
apiVersion: merge.example.com/v1
kind: Widget
metadata: { name: w }
spec:
  parts: [{ name: a, size: 1 }, { name: b, size: 2 }]
  tags: [x, y]
  free: { deep: { one: 1, two: 2 }, list: [1, 2] }
  amount: 5
  words: [a, b]
`;

export const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.merge.example.com }
spec:
  group: merge.example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                parts:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items:
                    type: object
                    required: [name]
                    properties:
                      name: { type: string }
                      size: { type: integer }
                      color: { type: string, default: red }
                tags: { type: array, x-kubernetes-list-type: set, items: { type: string } }
                words: { type: array, items: { type: string } }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true }
                amount: { x-kubernetes-int-or-string: true }
                mode: { type: string, default: auto }
                labels: { type: object, additionalProperties: { type: string } }
                solid: { type: object, x-kubernetes-map-type: atomic, properties: { a: { type: string }, b: { type: string } } }
`;

export const OTHER_CONTAINER = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: injected, image: "proxy:1" }] } } }
`;

export const OTHER_IMAGE = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: "nginx:9" }, { name: sidecar, image: "busybox:1", tty: true }] } } }
`;

export const BOTH_OWN = `
apiVersion: v1
kind: ConfigMap
metadata: { name: config }
data: { one: "1" }
`;
