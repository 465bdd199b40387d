import { all, fields, items, keyed, mapOf, mostly, one, seldom, type Shape } from "./shapes.ts";

const quantity = mostly(
  one("100m", "0.1", "1", 1, "64Mi", "1Gi", "1500m", "1e3", 0.5),
  "lots",
  "-1",
  "1.5.5",
);

const resources = fields({
  limits: mapOf(["cpu", "memory"], quantity),
  requests: mapOf(["cpu", "memory"], quantity),
});

const handlers = one(
  { httpGet: { path: "/", port: 80 } },
  { httpGet: { port: 443, scheme: "HTTPS" } },
  { tcpSocket: { port: "http" } },
  { exec: { command: ["true"] } },
  { grpc: { port: 9000 } },
  {},
);

const probe = all(
  handlers,
  fields({ initialDelaySeconds: one(0, 5, 9), periodSeconds: one(10, 0, 3), failureThreshold: one(3, 0, 1) }),
);

const environment = keyed(
  "name",
  ["A", "B", "C"],
  fields(
    {},
    {
      value: one("1", "2", "$(A)", ""),
      valueFrom: one(
        { fieldRef: { fieldPath: "metadata.name" } },
        { configMapKeyRef: { name: "c", key: "k" } },
        null,
      ),
    },
  ),
);

/** Either a value or where it is from, as is accepted. */
const variables = keyed(
  "name",
  ["A", "B", "C"],
  one(
    { value: "1" },
    { value: "2" },
    { value: "" },
    {},
    { valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
  ),
);

const containerPorts = keyed(
  "containerPort",
  [80, 443, 8080],
  fields({ name: mostly(one("http", "web"), "Bad_Name"), protocol: one("TCP", "UDP"), hostPort: one(0, 80) }),
);

const container = all(
  fields(
    {
      env: (draw, portion) => (draw.chance(0.05) ? environment : variables)(draw, portion),
      ports: containerPorts,
      resources,
    },
    { image: mostly(one("nginx:1", "nginx:2", "example.com/app"), "", " nginx", 5) },
  ),
  seldom({
    args: items(one("-v", "x"), 2),
    command: items(one("sh", "-c"), 2),
    imagePullPolicy: mostly(one("Always", "IfNotPresent", "Never"), "Sometimes"),
    livenessProbe: probe,
    readinessProbe: probe,
    lifecycle: one({ preStop: { exec: { command: ["true"] } } }, { postStart: {} }, {}),
    securityContext: one(
      { runAsUser: 1 },
      { privileged: true, allowPrivilegeEscalation: false },
      { capabilities: { add: ["NET_ADMIN"] } },
      {},
    ),
    volumeMounts: keyed(
      "mountPath",
      ["/a", "/b"],
      fields(
        { readOnly: one(true, false), subPath: one("x", "../y") },
        { name: mostly(one("v", "w"), "missing") },
      ),
    ),
    workingDir: one("/tmp"),
    stdin: one(true),
    terminationMessagePolicy: one("File", "FallbackToLogsOnError", "Other"),
    envFrom: one(
      [{ configMapRef: { name: "c" } }],
      [{ prefix: "P_", secretRef: { name: "s", optional: true } }],
      [{}],
    ),
  }),
);

const volumes = keyed(
  "name",
  ["v", "w"],
  one(
    { emptyDir: {} },
    { emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
    { configMap: { name: "c" } },
    { secret: { secretName: "s", defaultMode: 256 } },
    { hostPath: { path: "/x" } },
    { projected: { sources: [{ configMap: { name: "c" } }] } },
    {},
  ),
);

const containers = mostly(
  keyed("name", ["main", "side", "third"], container),
  [],
  [{ name: "Bad_Name", image: "x" }],
  [{}],
);

const more = seldom({
  affinity: one(
    {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, podAffinityTerm: { topologyKey: "zone" } },
        ],
      },
    },
    {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "k", operator: "In", values: ["v"] }] }],
        },
      },
    },
    {},
  ),
  dnsPolicy: mostly(one("ClusterFirst", "Default"), "None", "Other"),
  enableServiceLinks: one(true, false),
  hostNetwork: one(true, false),
  imagePullSecrets: keyed("name", ["pull", "other"], one({})),
  initContainers: keyed("name", ["init"], container),
  nodeSelector: mapOf(["zone", "disk"], one("a", "b")),
  priorityClassName: one("", "high"),
  schedulerName: one("own", "default-scheduler"),
  securityContext: one(
    { runAsNonRoot: true },
    { fsGroup: 5, runAsUser: 0 },
    { sysctls: [{ name: "kernel.x", value: "1" }] },
    {},
  ),
  serviceAccountName: mostly(one("default", "robot"), "Bad_Name"),
  serviceAccount: one("default", "robot"),
  terminationGracePeriodSeconds: one(0, 30, 60, -1),
  tolerations: items(
    one(
      { key: "k", operator: "Exists" },
      { key: "k", value: "v", effect: "NoSchedule" },
      { operator: "Exists", tolerationSeconds: 5 },
      {},
    ),
    2,
  ),
  topologySpreadConstraints: one(
    [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
    [{ maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: "Other" }],
  ),
  hostAliases: one([{ ip: "1.2.3.4", hostnames: ["a"] }], [{ ip: "x" }]),
  nope: one(1),
});

interface RestartPolicy extends Readonly<Record<string, Shape>> {
  readonly restartPolicy: Shape;
}

/** A pod template with the label `app: a`, unless it is one that is refused. */
export function podTemplate(restart: {
  readonly optional?: RestartPolicy;
  readonly required?: RestartPolicy;
}) {
  return fields(
    {},
    {
      metadata: fields(
        { annotations: mapOf(["n", "m"], one("1", "2")) },
        { labels: mostly(one({ app: "a" }, { app: "a", extra: "1" }), { app: "b" }, {}) },
      ),
      spec: all(fields({ volumes, ...restart.optional }, { containers, ...restart.required }), more),
    },
  );
}
