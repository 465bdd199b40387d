import { DEPLOYMENT, SERVICE } from "./manifests.ts";
import { config, deployment, gadget, GADGET, lastApplied, SECRET, SMALL } from "./write-manifests.ts";
import type { WriteCase } from "./writes.ts";

const IMAGE = (image: string): string =>
  `{ template: { spec: { containers: [{ name: web, image: "${image}" }] } } }`;

const APPLIES: readonly WriteCase[] = [
  {
    title: "an apply creates, repeats, changes and releases",
    object: SMALL,
    writes: [
      { by: "a", apply: config('{ one: "1", two: "2" }', ', labels: { x: "1" }') },
      { by: "a", apply: config('{ one: "1", two: "2" }', ', labels: { x: "1" }') },
      { by: "a", apply: config('{ one: "1", two: "3" }') },
      { by: "a", apply: config("{}") },
      { by: "a", apply: SMALL },
    ],
  },
  {
    title: "equal values are shared, other values conflict, force takes them",
    object: SMALL,
    writes: [
      { by: "a", apply: config('{ one: "1", two: "2" }') },
      { by: "b", apply: config('{ one: "1" }') },
      { by: "b", apply: config('{ one: "x" }') },
      { by: "b", apply: config('{ one: "x", two: "y", three: "z" }') },
      { by: "b", force: true, apply: config('{ one: "x" }') },
      { by: "a", apply: config('{ two: "2" }') },
      { by: "b", force: true, apply: config('{ two: "3" }') },
      { by: "c", apply: config('{ two: "4" }') },
      { by: "c", force: true, apply: config('{ two: "4" }') },
    ],
  },
  {
    title: "an owner that stops applying a shared field leaves it to the other",
    object: SMALL,
    writes: [
      { by: "a", apply: config('{ one: "1", two: "2" }') },
      { by: "b", apply: config('{ one: "1" }') },
      { by: "a", apply: config('{ two: "2" }') },
      { by: "b", apply: SMALL },
    ],
  },
  {
    title: "several managers conflict at once",
    object: GADGET,
    writes: [
      { by: "zoe", create: GADGET },
      {
        by: "ann",
        merge: '{ spec: { inner: { b: "2" }, ports: [{ port: 9 }, { port: 10 }], numbers: [7, 100] } }',
      },
      { by: "bob", apply: gadget("{ parts: [{ name: new, size: 1 }], words: [a, b] }") },
      {
        by: "eve",
        apply: gadget(
          '{ replicas: 2, words: [z], inner: { b: "3" }, parts: [{ name: new, size: 5 }, { name: a, size: 9, labels: { x: "9" } }] , free: { deep: { one: 9 } }, solid: { a: "2" } }',
        ),
      },
      {
        by: "eve",
        force: true,
        apply: gadget(
          '{ replicas: 2, words: [z], inner: { b: "3" }, ports: [{ port: 9, protocol: TCP, name: x }] }',
        ),
      },
      { by: "ann", apply: gadget('{ replicas: 3, inner: { b: "3" } }') },
    ],
  },
  {
    title: "a replica count is handed over to a scaler",
    object: DEPLOYMENT,
    writes: [
      { by: "owner", apply: DEPLOYMENT },
      { by: "scaler", merge: "{ spec: { replicas: 2 } }" },
      { by: "owner", apply: DEPLOYMENT },
      { by: "owner", apply: DEPLOYMENT.replace("replicas: 0", "replicas: 2") },
      { by: "scaler", apply: deployment("{ replicas: 2 }") },
      { by: "owner", apply: DEPLOYMENT.replace("replicas: 0", "") },
      { by: "scaler", apply: deployment("{ replicas: 0 }") },
      { by: "owner", apply: DEPLOYMENT.replace("replicas: 0", "") },
    ],
  },
  {
    title: "containers of a Deployment by several managers",
    object: DEPLOYMENT,
    writes: [
      { by: "owner", create: DEPLOYMENT },
      { by: "image", apply: deployment(IMAGE("nginx:2")) },
      { by: "image", force: true, apply: deployment(IMAGE("nginx:2")) },
      {
        by: "owner",
        strategic:
          '{ spec: { template: { spec: { containers: [{ name: web, env: [{ name: C, value: "3" }] }] } } } }',
      },
      {
        by: "injector",
        apply: deployment(
          '{ template: { spec: { containers: [{ name: injected, image: "proxy:1", ports: [{ containerPort: 80 }, { containerPort: 80, protocol: UDP }] }] } } }',
        ),
      },
      { by: "injector", apply: deployment("{}") },
      { by: "image", apply: deployment("{}") },
      { by: "json", json: [{ op: "remove", path: "/spec/template/spec/containers/1" }] },
    ],
  },
  {
    title: "quantities and numbers are compared as they are written",
    object: DEPLOYMENT,
    writes: [
      { by: "owner", apply: DEPLOYMENT },
      {
        by: "other",
        apply: deployment(
          '{ template: { spec: { containers: [{ name: web, resources: { requests: { cpu: "0.1" } } }] } } }',
        ),
      },
      { by: "owner", apply: DEPLOYMENT },
      { by: "owner", apply: DEPLOYMENT.replace("cpu: 100m", "cpu: 0.1") },
    ],
  },
  {
    title: "ports of a Service",
    object: SERVICE,
    writes: [
      { by: "owner", create: SERVICE },
      {
        by: "other",
        apply:
          "{ apiVersion: v1, kind: Service, metadata: { name: web }, spec: { ports: [{ name: https, port: 443 }] } }",
      },
      {
        by: "other",
        apply:
          "{ apiVersion: v1, kind: Service, metadata: { name: web }, spec: { ports: [{ name: web, port: 80, protocol: TCP }] } }",
      },
      {
        by: "other",
        force: true,
        apply:
          "{ apiVersion: v1, kind: Service, metadata: { name: web }, spec: { ports: [{ name: web, port: 80, protocol: TCP }] } }",
      },
      { by: "owner", merge: "{ spec: { ports: [{ name: web, port: 80 }] } }" },
      { by: "owner", merge: "{ spec: { selector: null } }" },
      { by: "owner", merge: "{ spec: { selector: { x: y } } }" },
      {
        by: "lb",
        subresource: "status",
        merge: '{ status: { loadBalancer: { ingress: [{ ip: "10.9.9.9" }] } } }',
      },
    ],
  },
  {
    title: "a Secret",
    object: SECRET,
    writes: [
      { by: "a", apply: SECRET },
      { by: "b", merge: "{ stringData: { three: x } }" },
      { by: "b", put: "{ data: { one: Mw== } }" },
      { by: "a", apply: SECRET },
      { by: "a", force: true, apply: SECRET },
      {
        by: "a",
        force: true,
        apply: "{ apiVersion: v1, kind: Secret, metadata: { name: s }, type: Opaque }",
      },
    ],
  },
];

const LISTS: readonly WriteCase[] = [
  {
    title: "items, sets and free-form fields of a custom resource",
    object: GADGET,
    writes: [
      { by: "a", apply: GADGET },
      {
        by: "b",
        apply: gadget(
          "{ parts: [{ name: c, size: 3 }, { name: a }], tags: [z, x], numbers: [9], free: { deep: { three: 3 } }, labels: { m: n } }",
        ),
      },
      { by: "a", apply: gadget("{ parts: [{ name: b, size: 2 }], tags: [y] }") },
      { by: "b", apply: gadget("{ parts: [{ name: c }], free: {}, tags: [] }") },
      {
        by: "c",
        put: "{ spec: { parts: [{ name: b, size: 7 }], words: [q], inner: { deep: { c: new } } } }",
      },
      { by: "c", merge: "{ spec: { parts: null, tags: null, free: null } }" },
      { by: "a", apply: gadget("{ parts: [], inner: {}, labels: {} }") },
      { by: "a", apply: gadget("{}") },
    ],
  },
  {
    title: "nulls and empty values in an apply",
    object: GADGET,
    writes: [
      {
        by: "a",
        apply: gadget(
          '{ replicas: null, parts: null, inner: { a: null, b: "1" }, labels: { k: v }, words: [] }',
        ),
      },
      { by: "b", apply: gadget("{ inner: { b: null }, solid: {}, words: null }") },
      { by: "b", force: true, apply: gadget("{ inner: { b: null }, solid: null }") },
      { by: "b", force: true, apply: gadget("{ labels: null, inner: null }") },
    ],
  },
  {
    title: "atomic values are owned as a whole",
    object: GADGET,
    writes: [
      { by: "a", apply: gadget('{ solid: { a: "1" }, words: [a] }') },
      { by: "b", apply: gadget('{ solid: { b: "1" } }') },
      { by: "b", force: true, apply: gadget('{ solid: { b: "1" } }') },
      { by: "a", merge: '{ spec: { solid: { a: "2" } } }' },
      { by: "a", merge: "{ spec: { solid: null, words: [b] } }" },
    ],
  },
  {
    title: "free-form fields change their type",
    object: GADGET,
    writes: [
      { by: "a", apply: gadget("{ free: { x: { y: 1 }, list: [{ a: 1 }] } }") },
      { by: "b", merge: "{ spec: { free: { x: text, list: { a: 1 } } } }" },
      { by: "a", apply: gadget("{ free: { x: { y: 1 } } }") },
      { by: "a", force: true, apply: gadget("{ free: { x: { y: 1 } } }") },
      { by: "b", merge: "{ spec: { free: { x: { y: null }, list: null } } }" },
      { by: "a", apply: gadget("{ free: { z: 1 } }") },
    ],
  },
  {
    title: "env entries that share a name",
    object: DEPLOYMENT,
    writes: [
      { by: "a", create: DEPLOYMENT.replace("{ name: B,", "{ name: A,") },
      {
        by: "b",
        apply: deployment(
          '{ template: { spec: { containers: [{ name: web, env: [{ name: C, value: "1" }] }] } } }',
        ),
      },
      {
        by: "b",
        apply: deployment(
          '{ template: { spec: { containers: [{ name: web, env: [{ name: A, value: "1" }] }] } } }',
        ),
      },
      {
        by: "b",
        force: true,
        apply: deployment(
          '{ template: { spec: { containers: [{ name: web, env: [{ name: A, value: "9" }] }] } } }',
        ),
      },
      {
        by: "c",
        json: [
          { op: "add", path: "/spec/template/spec/containers/0/env/-", value: { name: "A", value: "7" } },
        ],
      },
      {
        by: "c",
        json: [{ op: "replace", path: "/spec/template/spec/containers/0/env/1/value", value: "8" }],
      },
    ],
  },
];

const KUBECTL: readonly WriteCase[] = [
  {
    title: "kubectl moves from client-side to server-side apply",
    object: SMALL,
    writes: [
      {
        by: "kubectl-client-side-apply",
        create: lastApplied(
          config('{ one: "1", two: "2" }'),
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"one":"1","two":"2"}}',
        ),
      },
      { by: "kubectl", apply: config('{ one: "x", two: "<2>" }') },
      { by: "other", merge: "{ data: { two: changed } }" },
      { by: "kubectl", apply: config('{ one: "y", two: "z" }') },
      { by: "kubectl", force: true, apply: config('{ one: "y", two: "z" }') },
    ],
  },
  {
    title: "kubectl may not take what differs from its annotation",
    object: SMALL,
    writes: [
      {
        by: "kubectl-client-side-apply",
        create: lastApplied(
          config('{ one: "1", two: "2" }'),
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"one":"other"}}',
        ),
      },
      { by: "kubectl", apply: config('{ one: "x", two: "3" }') },
    ],
  },
];

const REFUSALS: readonly WriteCase[] = [
  {
    title: "configurations that do not fit the schema",
    object: DEPLOYMENT,
    writes: [
      { by: "a", apply: DEPLOYMENT },
      { by: "a", apply: deployment("{ replicas: two }") },
      { by: "a", apply: deployment("{ paused: 1, replicas: [] }") },
      {
        by: "a",
        apply: deployment(
          "{ template: { spec: { containers: [{ name: web, image: 5 }, { name: web }], nodeSelector: [a], volumes: { a: b } } } }",
        ),
      },
      { by: "a", apply: deployment("{ template: { spec: { containers: [{ image: x }] } } }") },
      {
        by: "a",
        apply: deployment(
          "{ template: { spec: { containers: [{ name: web, ports: [{ containerPort: 80 }, { containerPort: 80 }] }] } } }",
        ),
      },
      { by: "a", apply: deployment("{ nonsense: 1 }") },
      {
        by: "a",
        apply: deployment("{ template: { spec: { containers: [{ name: web, command: x, env: [null] }] } } }"),
      },
    ],
  },
  {
    title: "managedFields in an apply",
    object: SMALL,
    writes: [
      { by: "a", apply: config('{ one: "1" }') },
      { by: "a", apply: config('{ one: "1" }', ", managedFields: []") },
      { by: "a", apply: config('{ one: "1" }', ", managedFields: [{ manager: a }]") },
      { by: "a", apply: config("{ one: 1, two: { a: 1 }, three: [x], four: true, five: 1.5 }") },
    ],
  },
];

/** Server-side applies, and what comes between them. */
export const APPLY_CASES: readonly WriteCase[] = [...APPLIES, ...LISTS, ...KUBECTL, ...REFUSALS];
