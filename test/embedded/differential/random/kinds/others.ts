import { fields, items, keyed, mostly, one } from "../shapes.ts";
import type { RandomKind } from "./random-kind.ts";

const rbac = "rbac.authorization.k8s.io";

const roles: RandomKind = {
  path: `/apis/${rbac}/v1/namespaces/$ns/roles`,
  head: { apiVersion: `${rbac}/v1`, kind: "Role" },
  content: fields({
    rules: items(
      one(
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
        { apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"], resourceNames: ["a"] },
        { resources: ["pods"] },
        { nonResourceURLs: ["/x"], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods"], verbs: [] },
      ),
      2,
    ),
  }),
  minimal: {},
  weight: 3,
};

const roleBindings: RandomKind = {
  path: `/apis/${rbac}/v1/namespaces/$ns/rolebindings`,
  head: { apiVersion: `${rbac}/v1`, kind: "RoleBinding" },
  content: fields(
    {
      subjects: items(
        one(
          { kind: "User", name: "u" },
          { kind: "User", apiGroup: rbac, name: "u" },
          { kind: "ServiceAccount", name: "s", namespace: "$ns" },
          { kind: "ServiceAccount", name: "s" },
          { kind: "Other", name: "x" },
        ),
        2,
      ),
    },
    {
      roleRef: mostly(
        one({ apiGroup: rbac, kind: "Role", name: "r" }),
        { apiGroup: rbac, kind: "ClusterRole", name: "view" },
        { kind: "Other", name: "" },
      ),
    },
  ),
  minimal: { roleRef: { apiGroup: rbac, kind: "Role", name: "r" } },
  weight: 2,
};

const leases: RandomKind = {
  path: "/apis/coordination.k8s.io/v1/namespaces/$ns/leases",
  head: { apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
  content: fields({
    spec: fields({
      acquireTime: one("2001-01-01T00:00:00.000000Z", "2001-01-01T00:00:00Z"),
      holderIdentity: one("a", "b", ""),
      leaseDurationSeconds: mostly(one(15, 30), 0, -1),
      leaseTransitions: mostly(one(0, 1, 2), -1),
    }),
  }),
  minimal: {},
  weight: 3,
};

const serviceAccounts: RandomKind = {
  path: "/api/v1/namespaces/$ns/serviceaccounts",
  head: { apiVersion: "v1", kind: "ServiceAccount" },
  content: fields({
    automountServiceAccountToken: one(true, false),
    imagePullSecrets: keyed("name", ["a", "b"], one({})),
    secrets: keyed("name", ["a", "b"], one({})),
  }),
  minimal: {},
  weight: 2,
};

const networkPolicies: RandomKind = {
  path: "/apis/networking.k8s.io/v1/namespaces/$ns/networkpolicies",
  head: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  content: fields(
    {},
    {
      spec: fields(
        {
          egress: one(
            [{}],
            [{ to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }],
            [{ to: [{ ipBlock: { cidr: "x" } }] }],
          ),
          ingress: one(
            [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
            [{ ports: [{ port: "http", endPort: 90 }] }],
          ),
          policyTypes: mostly(one(["Ingress"], ["Egress"], ["Ingress", "Egress"]), ["Other"]),
        },
        { podSelector: one({}, { matchLabels: { app: "a" } }) },
      ),
    },
  ),
  minimal: { spec: { podSelector: {} } },
  weight: 3,
};

const ingresses: RandomKind = {
  path: "/apis/networking.k8s.io/v1/namespaces/$ns/ingresses",
  head: { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  content: fields(
    {},
    {
      spec: fields(
        {
          ingressClassName: mostly(one("nginx"), "Bad_Name"),
          tls: one([{ hosts: ["a.example.com"], secretName: "s" }], [{ hosts: ["bad_host"] }], [{}]),
          defaultBackend: one(
            { service: { name: "s", port: { number: 80 } } },
            { service: { name: "s" } },
            {},
          ),
        },
        {
          rules: items(
            one(
              {
                host: "a.example.com",
                http: {
                  paths: [
                    {
                      path: "/",
                      pathType: "Prefix",
                      backend: { service: { name: "s", port: { number: 80 } } },
                    },
                  ],
                },
              },
              {
                host: "*.example.com",
                http: {
                  paths: [
                    {
                      pathType: "ImplementationSpecific",
                      backend: { service: { name: "s", port: { name: "http" } } },
                    },
                  ],
                },
              },
              {
                http: {
                  paths: [{ path: "x", pathType: "Exact", backend: { service: { name: "s", port: {} } } }],
                },
              },
              { host: "1.2.3.4" },
            ),
            2,
          ),
        },
      ),
    },
  ),
  status: fields({
    loadBalancer: one({ ingress: [{ ip: "1.2.3.4" }] }, { ingress: [{ hostname: "bad_host" }] }, {}),
  }),
  minimal: { spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } } },
  weight: 3,
};

const budgets: RandomKind = {
  path: "/apis/policy/v1/namespaces/$ns/poddisruptionbudgets",
  head: { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
  content: fields(
    {},
    {
      spec: fields(
        {
          maxUnavailable: one(1, "50%", "x"),
          minAvailable: one(1, "50%", -1),
          unhealthyPodEvictionPolicy: mostly(one("AlwaysAllow"), "Other"),
        },
        { selector: one({ matchLabels: { app: "a" } }, {}, { matchLabels: { app: "b" } }) },
      ),
    },
  ),
  minimal: { spec: {} },
  weight: 2,
};

const autoscalers: RandomKind = {
  path: "/apis/autoscaling/v2/namespaces/$ns/horizontalpodautoscalers",
  head: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
  content: fields(
    {},
    {
      spec: fields(
        {
          behavior: one(
            { scaleDown: { stabilizationWindowSeconds: 60 } },
            { scaleUp: { policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] } },
            {},
          ),
          metrics: one(
            [
              {
                type: "Resource",
                resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
              },
            ],
            [
              {
                type: "Resource",
                resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } },
              },
            ],
            [{ type: "Other" }],
            [],
          ),
          minReplicas: mostly(one(1, 2), 0, -1),
        },
        {
          maxReplicas: mostly(one(3, 5), 0),
          scaleTargetRef: mostly(one({ apiVersion: "apps/v1", kind: "Deployment", name: "a" }), {
            kind: "",
            name: "a",
          }),
        },
      ),
    },
  ),
  minimal: {
    spec: { maxReplicas: 1, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" } },
  },
  weight: 3,
};

const claims: RandomKind = {
  path: "/api/v1/namespaces/$ns/persistentvolumeclaims",
  head: { apiVersion: "v1", kind: "PersistentVolumeClaim" },
  content: fields(
    {},
    {
      spec: fields(
        {
          selector: one({ matchLabels: { a: "b" } }),
          storageClassName: one("fast", ""),
          volumeMode: mostly(one("Filesystem", "Block"), "Other"),
          volumeName: one("v"),
        },
        {
          accessModes: mostly(one(["ReadWriteOnce"], ["ReadWriteMany"]), ["Other"], []),
          resources: mostly(
            one({ requests: { storage: "1Gi" } }, { requests: { storage: "2Gi" } }),
            {},
            { requests: { storage: "-1" } },
          ),
        },
      ),
    },
  ),
  minimal: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
  weight: 3,
};

const slices: RandomKind = {
  path: "/apis/discovery.k8s.io/v1/namespaces/$ns/endpointslices",
  head: { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" },
  content: fields(
    { ports: keyed("port", [80, 443], fields({ name: one("a", "b"), protocol: one("TCP", "UDP") })) },
    {
      addressType: mostly(one("IPv4"), "Other", "FQDN"),
      endpoints: items(
        fields(
          { conditions: one({ ready: true }, {}), hostname: one("h"), nodeName: one("n"), zone: one("z") },
          { addresses: mostly(one(["1.2.3.4"]), ["x"], []) },
        ),
        2,
      ),
    },
  ),
  minimal: { addressType: "IPv4", endpoints: [] },
  weight: 2,
};

/** Smaller kinds. */
export const others: readonly RandomKind[] = [
  roles,
  roleBindings,
  leases,
  serviceAccounts,
  networkPolicies,
  ingresses,
  budgets,
  autoscalers,
  claims,
  slices,
];
