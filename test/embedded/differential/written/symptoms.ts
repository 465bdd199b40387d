import { apply, get, patch, post, put, remove, type Script } from "./requests.ts";

const core = (plural: string) => `/api/v1/namespaces/$ns/${plural}`;
const [maps, services, claims] = [core("configmaps"), core("services"), core("persistentvolumeclaims")];
const deployments = "/apis/apps/v1/namespaces/$ns/deployments";
const jobs = "/apis/batch/v1/namespaces/$ns/jobs";

const map = (more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a" },
  ...more,
});

const service = (name: string, spec: object): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, labels: { l: "1" } },
  spec: { ports: [{ port: 80 }], ...spec },
});

const container = { name: "main", image: "nginx:1" };

const deployment = (pod: object = {}): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a", labels: { l: "1" } },
  spec: {
    selector: { matchLabels: { app: "a" } },
    template: { metadata: { labels: { app: "a" } }, spec: { containers: [container], ...pod } },
  },
});

const job = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "a" },
  spec: { template: { spec: { containers: [container], restartPolicy: "Never" } } },
};

const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "a" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

const held = map({ metadata: { name: "a", finalizers: ["example.com/f"] } });
const twice = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "11111111-1111-1111-1111-111111111111" };

/** What was once answered otherwise, each by how it showed. */
export const symptoms: readonly Script[] = [
  {
    title: "addresses that a Service was given are nobody's",
    steps: [post(services, service("a", {})), put(`${services}/a`, service("a", { type: "NodePort" }))],
  },
  {
    title: "a selector that a Job was given is nobody's, and its pods stay without a policy",
    steps: [post(jobs, job), remove(`${jobs}/a`), remove(`${jobs}/a`, { propagationPolicy: "Background" })],
  },
  {
    title: "an annotation of a Deployment is a change of what is wanted, unless it comes with a status",
    steps: [
      post(deployments, deployment()),
      patch("merge", `${deployments}/a`, { metadata: { annotations: { n: "1" } } }),
      patch("merge", `${deployments}/a`, { metadata: { labels: { n: "1" } } }),
      patch("merge", `${deployments}/a/status`, {
        metadata: { annotations: { n: "2" }, labels: { n: "2" } },
      }),
    ],
  },
  {
    title: "a status of a Service brings labels with it",
    steps: [
      post(services, service("a", {})),
      patch("merge", `${services}/a/status`, { metadata: { labels: { n: "2" } } }),
      patch("merge", `${services}/a/status`, { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }),
    ],
  },
  {
    title: "a status that cannot be is refused",
    steps: [
      post(deployments, deployment()),
      patch("merge", `${deployments}/a/status`, { status: { replicas: 1, readyReplicas: 2 } }),
      patch("merge", `${deployments}/a/status`, { status: { replicas: -1, collisionCount: 3 } }),
    ],
  },
  {
    title: "an address or a port that is taken is refused before anything else",
    steps: [
      post(services, service("a", { clusterIP: "10.96.0.200", type: "NodePort" })),
      post(services, service("b", { clusterIP: "10.96.0.200", type: "Other" })),
      post(services, service("c", { clusterIP: "8.8.8.8" })),
      post(services, service("d", { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] })),
      post(services, service("e", { clusterIP: "None", clusterIPs: ["10.96.0.201"] })),
      post(services, service("f", { ipFamilies: ["IPv6"] })),
      post(services, service("g", { ipFamilyPolicy: "RequireDualStack" })),
    ],
  },
  {
    title: "a PUT makes a Service, and answers its deletion with it",
    steps: [put(`${services}/a`, service("a", {})), remove(`${services}/a`), get(`${services}/a`)],
  },
  {
    title: "a claim is kept by a finalizer from the start",
    steps: [post(claims, claim), remove(`${claims}/a`), get(`${claims}/a`)],
  },
  {
    title: "one policy of deletion takes the place of another",
    steps: [
      post(maps, held),
      remove(`${maps}/a`, { propagationPolicy: "Foreground" }),
      remove(`${maps}/a`, { propagationPolicy: "Orphan", dryRun: ["All"] }),
      remove(`${maps}/a`, { propagationPolicy: "Orphan" }),
      remove(`${maps}/a`, { propagationPolicy: "Background" }),
      patch("merge", `${maps}/a`, { metadata: { finalizers: null } }),
    ],
  },
  {
    title: "a body without a name is refused before anything is looked for",
    steps: [
      put(`${maps}/a`, map({ metadata: {} })),
      post(maps, map()),
      put(`${maps}/a`, map({ metadata: {} })),
    ],
  },
  {
    title: "how an object is deleted and what it is cannot be changed",
    steps: [
      post(maps, map()),
      patch("merge", `${maps}/a`, { metadata: { deletionGracePeriodSeconds: 5 } }),
      patch("merge", `${maps}/a`, { metadata: { deletionTimestamp: "2001-01-01T00:00:00Z" } }),
      patch("merge", `${maps}/a`, { metadata: { uid: "x" } }),
      put(`${maps}/a`, map({ metadata: { name: "a", uid: "x" } })),
      put(`${maps}/a`, map({ metadata: { name: "a", resourceVersion: "x" } })),
    ],
  },
  {
    title: "a JSON patch adds what it replaces, and has no root but to replace it",
    steps: [
      post(maps, map({ data: { a: "1" } })),
      patch("json", `${maps}/a`, [{ op: "replace", path: "/data/b", value: "2" }]),
      patch("json", `${maps}/a`, [{ op: "copy", from: "", path: "/data" }]),
      patch("json", `${maps}/a`, [{ op: "add", path: "", value: {} }]),
      patch("json", `${maps}/a`, [{ op: "test", path: "/metadata/annotations/x", value: null }]),
      patch("json", `${maps}/a`, [{ op: "replace", path: "", value: {} }]),
    ],
  },
  {
    title: "a patch that leaves another kind is what is wrong",
    steps: [
      post(maps, map()),
      patch("merge", `${maps}/a`, { kind: "Secret" }),
      patch("merge", `${maps}/a?fieldValidation=Strict`, { nope: 1 }),
      patch("strategic", `${maps}/a`, { data: 5 }),
    ],
  },
  {
    title: "an owner that is told twice is one",
    steps: [
      post(maps, map({ metadata: { name: "a", ownerReferences: [twice, twice] } })),
      put(`${maps}/a`, map({ metadata: { name: "a", ownerReferences: [twice, { ...twice, name: "p" }] } })),
    ],
  },
  {
    title: "a page that is full says that there may be more, whatever is selected",
    steps: [
      ...["a", "b", "c"].map((name) => post(maps, map({ metadata: { name, labels: { n: name } } }))),
      get(`${maps}?labelSelector=n%3Db&limit=1`),
      get(`${maps}?labelSelector=n%3Dc&limit=1`),
    ],
  },
  {
    title: "what is accepted and odd is told of",
    steps: [
      post(services, service("a", { externalName: "example.com", externalIPs: ["1.2.3.4"] })),
      post(deployments, deployment({ terminationGracePeriodSeconds: -1 })),
      patch("merge", `${deployments}/a`, { metadata: { labels: { x: "1" } } }),
      patch("merge", `${deployments}/a`, {
        spec: {
          template: {
            spec: {
              containers: [{ ...container, resources: { limits: { memory: "1500m" } } }],
              topologySpreadConstraints: [
                { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "DoNotSchedule" },
              ],
            },
          },
        },
      }),
    ],
  },
  {
    title: "an apply tells of its fields before its name, namespace and identity",
    steps: [
      apply(`${maps}/a`, "one", map({ metadata: { name: "a", namespace: "other" }, data: 5 })),
      apply(`${maps}/a`, "one", map({ metadata: { name: "a", namespace: "other" } })),
      apply(`${maps}/a`, "one", map({ metadata: {} })),
      apply(`${maps}/a`, "one", map({ metadata: { name: "a", resourceVersion: "x" } })),
      apply(`${maps}/a`, "one", map({ metadata: { name: "a", resourceVersion: "1" } })),
    ],
  },
  {
    title: "an empty list of managers forgets them all",
    steps: [
      post(maps, map({ metadata: { name: "a", managedFields: [] } })),
      put(`${maps}/a`, map({ metadata: { name: "a", managedFields: [] }, data: { a: "1" } })),
      get(`${maps}/a`),
    ],
  },
];
