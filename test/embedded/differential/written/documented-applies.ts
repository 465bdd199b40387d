import { apply, forceApply, get, patch, post, put, type Script } from "./requests.ts";

const maps = "/api/v1/namespaces/$ns/configmaps";
const map = `${maps}/test-cm`;
const deployments = "/apis/apps/v1/namespaces/$ns/deployments";
const web = `${deployments}/nginx-deployment`;

function testMap(more: object): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "test-cm" }, ...more };
}

const labelled = testMap({
  metadata: { name: "test-cm", labels: { "test-label": "test" } },
  data: { key: "some value" },
});

/** The Deployment of the documentation; `spec` is what there is beside selector and template. */
function nginx(spec: object = {}, image = "nginx:1.14.2"): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "nginx-deployment", labels: { app: "nginx" } },
    spec: {
      ...spec,
      selector: { matchLabels: { app: "nginx" } },
      template: {
        metadata: { labels: { app: "nginx" } },
        spec: { containers: [{ name: "nginx", image }] },
      },
    },
  };
}

const onlyReplicas = (replicas: number): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "nginx-deployment" },
  spec: { replicas },
});

const lastApplied = {
  "kubectl.kubernetes.io/last-applied-configuration": `${JSON.stringify(testMap({ data: { key: "a", gone: "b" } }))}\n`,
};
const client = "?fieldManager=kubectl-client-side-apply";

/** What https://kubernetes.io/docs/reference/using-api/server-side-apply/ tells of conflicts and ownership, in its order. */
export const documentedApplies: readonly Script[] = [
  {
    title: "the one who applies owns what was applied",
    steps: [apply(map, "kubectl", labelled), get(map), apply(map, "kubectl", labelled)],
  },
  {
    title: "a value of another's is a conflict: take it, leave it or share it",
    steps: [
      apply(map, "kubectl", labelled),
      patch("merge", `${map}?fieldManager=kube-controller-manager`, { data: { key: "new value" } }),
      apply(map, "kubectl", labelled),
      forceApply(map, "kubectl", labelled),
      patch("merge", `${map}?fieldManager=kube-controller-manager`, { data: { key: "new value" } }),
      apply(map, "kubectl", testMap({ metadata: { name: "test-cm", labels: { "test-label": "test" } } })),
      apply(map, "kubectl", testMap({ data: { key: "new value" } })),
      get(map),
    ],
  },
  {
    title: "what its only owner stops applying is removed, what another owns too stays",
    steps: [
      apply(map, "one", testMap({ data: { a: "1", b: "2" } })),
      apply(map, "two", testMap({ data: { b: "2", c: "3" } })),
      apply(map, "one", testMap({ data: {} })),
      apply(map, "two", testMap({})),
      get(map),
    ],
  },
  {
    title: "an update takes what it changes from those who applied it",
    steps: [
      apply(map, "one", testMap({ data: { a: "1", b: "2" } })),
      put(`${map}?fieldManager=editor`, testMap({ data: { a: "1", b: "changed" } })),
      apply(map, "one", testMap({ data: { a: "1" } })),
      patch("strategic", `${map}?fieldManager=editor`, { data: { b: null } }),
      get(map),
    ],
  },
  {
    title: "replicas that are left out are reset while nobody else owns them",
    steps: [apply(web, "kubectl", nginx({ replicas: 3 })), apply(web, "kubectl", nginx()), get(web)],
  },
  {
    title: "replicas are handed over to an autoscaler before they are left out",
    steps: [
      apply(web, "kubectl", nginx({ replicas: 3 })),
      apply(web, "handover-to-hpa", onlyReplicas(3)),
      apply(web, "kubectl", nginx()),
      patch("merge", `${web}/scale?fieldManager=hpa`, { spec: { replicas: 5 } }),
      apply(web, "kubectl", nginx()),
      apply(web, "kubectl", nginx({ replicas: 2 })),
      apply(web, "handover-to-hpa", onlyReplicas(3)),
      get(web),
    ],
  },
  {
    title: "an autoscaler that scales takes the replicas without a conflict",
    steps: [
      apply(web, "kubectl", nginx({ replicas: 3 })),
      patch("merge", `${web}/scale?fieldManager=hpa`, { spec: { replicas: 5 } }),
      apply(web, "kubectl", nginx({ replicas: 3 })),
      apply(web, "kubectl", nginx()),
      forceApply(web, "kubectl", nginx({ replicas: 3 })),
      get(`${web}/scale`),
    ],
  },
  {
    title: "a status of its own has owners of its own",
    steps: [
      apply(web, "kubectl", nginx({ replicas: 1 })),
      apply(`${web}/status`, "controller", {
        ...onlyReplicas(9),
        status: { observedGeneration: 1, replicas: 1 },
      }),
      apply(web, "kubectl", nginx({ replicas: 2 })),
      apply(`${web}/status`, "other", { ...onlyReplicas(9), status: { replicas: 2 } }),
      get(web),
    ],
  },
  {
    title: "items of lists with keys are shared out, one container to each manager",
    steps: [
      apply(web, "kubectl", nginx()),
      apply(web, "injector", {
        ...onlyReplicas(1),
        spec: { template: { spec: { containers: [{ name: "proxy", image: "proxy:1" }] } } },
      }),
      apply(web, "kubectl", nginx({}, "nginx:1.15")),
      apply(web, "injector", onlyReplicas(1)),
      get(web),
    ],
  },
  {
    title: "maps that are atomic have one owner",
    steps: [
      apply(web, "kubectl", nginx()),
      apply(web, "other", { ...onlyReplicas(1), spec: { selector: { matchLabels: { more: "1" } } } }),
      get(web),
    ],
  },
  {
    title: "what was applied on the client becomes what is applied on the server",
    steps: [
      post(
        `${maps}${client}`,
        testMap({ metadata: { name: "test-cm", annotations: lastApplied }, data: { key: "a", gone: "b" } }),
      ),
      apply(map, "kubectl", testMap({ data: { key: "a" } })),
      apply(map, "kubectl", testMap({ data: { key: "c" } })),
      get(map),
    ],
  },
  {
    title: "what was applied on the client conflicts with another manager than kubectl",
    steps: [
      post(
        `${maps}${client}`,
        testMap({ metadata: { name: "test-cm", annotations: lastApplied }, data: { key: "a", gone: "b" } }),
      ),
      apply(map, "flux", testMap({ data: { key: "c" } })),
      forceApply(map, "flux", testMap({ data: { key: "c" } })),
      get(map),
    ],
  },
  {
    title: "what was applied on the server goes on being applied on the client",
    steps: [
      apply(
        map,
        "kubectl",
        testMap({ metadata: { name: "test-cm", annotations: lastApplied }, data: { key: "a" } }),
      ),
      apply(map, "kubectl", testMap({ data: { key: "b" } })),
      patch("merge", `${map}${client}`, { data: { key: "c" } }),
      apply(map, "kubectl", testMap({ data: { key: "d" } })),
      get(map),
    ],
  },
  {
    title: "managed fields are cleared by a list of one empty entry, not by an empty list",
    steps: [
      apply(map, "kubectl", labelled),
      patch("merge", map, { metadata: { managedFields: [] } }),
      patch("merge", map, { metadata: { managedFields: [{}] } }),
      apply(map, "kubectl", labelled),
      patch("json", map, [{ op: "replace", path: "/metadata/managedFields", value: [{}] }]),
      apply(map, "other", testMap({ data: { key: "another" } })),
      get(map),
    ],
  },
  {
    title: "managed fields that somebody writes are taken as they are, unless they are wrong",
    steps: [
      apply(map, "kubectl", labelled),
      patch("json", map, [{ op: "replace", path: "/metadata/managedFields/0/manager", value: "renamed" }]),
      patch("json", map, [{ op: "replace", path: "/metadata/managedFields/0/operation", value: "Guess" }]),
      patch("json", map, [{ op: "remove", path: "/metadata/managedFields/0/fieldsV1" }]),
      patch("json", map, [
        { op: "replace", path: "/metadata/managedFields/0/fieldsType", value: "FieldsV9" },
      ]),
      get(map),
    ],
  },
  {
    title: "an apply of an old revision is refused",
    steps: [
      apply(map, "kubectl", labelled),
      apply(map, "kubectl", testMap({ metadata: { name: "test-cm", resourceVersion: "1" } })),
      apply(`${maps}/missing`, "kubectl", {
        ...testMap({}),
        metadata: { name: "missing", uid: "11111111-1111-1111-1111-111111111111" },
      }),
    ],
  },
  {
    title: "an apply that is only tried owns nothing",
    steps: [
      patch("apply", `${map}?fieldManager=kubectl&dryRun=All`, labelled),
      get(map),
      apply(map, "kubectl", labelled),
      patch("apply", `${map}?fieldManager=other&dryRun=All&force=true`, testMap({ data: { key: "x" } })),
      get(map),
    ],
  },
];
