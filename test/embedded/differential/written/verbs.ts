import type { ScriptRequest } from "../server.ts";
import * as requests from "./requests.ts";
import { patch, patchTypes, type Script } from "./requests.ts";

const maps = "/api/v1/namespaces/$ns/configmaps";

function map(name: string, more: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "1", b: "2" }, ...more };
}

function post(body: unknown, query = ""): ScriptRequest {
  return requests.post(`${maps}${query}`, body);
}

function get(name: string): ScriptRequest {
  return requests.get(`${maps}/${name}`);
}

function put(name: string, body: unknown, query = ""): ScriptRequest {
  return requests.put(`${maps}/${name}${query}`, body);
}

function remove(name: string, body?: unknown): ScriptRequest {
  return requests.remove(`${maps}/${name}`, body);
}

const applied = (manager: string, more = "") => `?fieldManager=${manager}${more}`;

/** The verbs on ConfigMaps. */
export const verbs: readonly Script[] = [
  {
    title: "creates, reads, replaces and deletes",
    steps: [
      post(map("a")),
      get("a"),
      put("a", map("a", { data: { a: "3" } })),
      get("a"),
      remove("a"),
      get("a"),
    ],
  },
  { title: "refuses a name that is taken", steps: [post(map("a")), post(map("a"))] },
  {
    title: "refuses bad names",
    steps: ["A", "a_b", "-a", "a.", "a".repeat(254), "a b", ""].map((name) => post(map(name))),
  },
  {
    title: "refuses bad labels and annotations",
    steps: [
      post(map("a", { metadata: { name: "a", labels: { "bad key": "x" } } })),
      post(map("a", { metadata: { name: "a", labels: { ok: "bad value!" } } })),
      post(map("a", { metadata: { name: "a", annotations: { "bad key": "x" } } })),
      post(map("a", { metadata: { name: "a", labels: { ok: 5 } } })),
    ],
  },
  {
    title: "refuses another namespace than the path's",
    steps: [post(map("a", { metadata: { name: "a", namespace: "other" } }))],
  },
  {
    title: "refuses a namespace that is not there",
    steps: [{ method: "POST", path: "/api/v1/namespaces/not-there/configmaps", body: map("a") }],
  },
  {
    title: "refuses bodies that are no such object",
    steps: [
      post("{"),
      post("[]"),
      post("5"),
      post("null"),
      post({}),
      post({ apiVersion: "v1" }),
      post({ kind: "ConfigMap" }),
      post({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" } }),
      post({ apiVersion: "apps/v1", kind: "ConfigMap", metadata: { name: "a" } }),
      post(map("a", { data: 5 })),
      post(map("a", { data: { a: 5 } })),
      post(map("a", { metadata: [] })),
      post(map("a", { metadata: { name: 5 } })),
    ],
  },
  {
    title: "tells of, refuses and passes over unknown fields",
    steps: [
      post(map("a", { spec: { x: 1 } })),
      post(map("b", { spec: { x: 1 } }), "?fieldValidation=Strict"),
      post(map("c", { spec: { x: 1 } }), "?fieldValidation=Ignore"),
      post(map("d", { metadata: { name: "d", nope: 1 } }), "?fieldValidation=Strict"),
      post(map("e"), "?fieldValidation=Sometimes"),
    ],
  },
  {
    title: "only tries with dryRun",
    steps: [
      post(map("a"), "?dryRun=All"),
      get("a"),
      post(map("a")),
      put("a", map("a", { data: {} }), "?dryRun=All"),
      get("a"),
      patch("merge", `${maps}/a?dryRun=All`, { data: { z: "1" } }),
      { method: "DELETE", path: `${maps}/a?dryRun=All` },
      get("a"),
      post(map("b"), "?dryRun=Some"),
    ],
  },
  {
    title: "refuses a resourceVersion at creation, an old one and a wrong uid at update",
    steps: [
      post(map("a", { metadata: { name: "a", resourceVersion: "5" } })),
      post(map("a")),
      put("a", map("a", { metadata: { name: "a", resourceVersion: "1" } })),
      put("a", map("a", { metadata: { name: "a", uid: "11111111-1111-1111-1111-111111111111" } })),
      put("a", map("b")),
      put("missing", map("missing")),
    ],
  },
  {
    title: "keeps what the server owns",
    steps: [
      post(
        map("a", {
          metadata: {
            name: "a",
            uid: "x",
            generation: 7,
            creationTimestamp: "2001-01-01T00:00:00Z",
            selfLink: "/x",
            deletionTimestamp: "2001-01-01T00:00:00Z",
          },
        }),
      ),
      put(
        "a",
        map("a", { metadata: { name: "a", creationTimestamp: "2001-01-01T00:00:00Z", generation: 9 } }),
      ),
      get("a"),
    ],
  },
  {
    title: "does not write what changes nothing",
    steps: [
      post(map("a")),
      put("a", map("a")),
      put("a", map("a")),
      patch("merge", `${maps}/a`, {}),
      patch("merge", `${maps}/a`, { data: { a: "1" } }),
      get("a"),
    ],
  },
  {
    title: "patches by RFC 7386",
    steps: [
      post(map("a")),
      patch("merge", `${maps}/a`, { data: { a: null, c: "3" } }),
      patch("merge", `${maps}/a`, { data: null }),
      patch("merge", `${maps}/a`, { metadata: { labels: { x: "y" } } }),
      patch("merge", `${maps}/a`, []),
      patch("merge", `${maps}/a`, "{"),
      patch("merge", `${maps}/missing`, {}),
      patch("merge", `${maps}/a`, { metadata: { name: "b" } }),
      patch("merge", `${maps}/a`, { kind: "Secret" }),
    ],
  },
  {
    title: "patches by RFC 6902",
    steps: [
      post(map("a")),
      patch("json", `${maps}/a`, [{ op: "replace", path: "/data/a", value: "9" }]),
      patch("json", `${maps}/a`, [{ op: "test", path: "/data/a", value: "1" }]),
      patch("json", `${maps}/a`, [{ op: "remove", path: "/data/zz" }]),
      patch("json", `${maps}/a`, [{ op: "add", path: "/metadata/labels", value: { l: "1" } }]),
      patch("json", `${maps}/a`, {}),
      patch("json", `${maps}/a`, [{ op: "nope", path: "/a" }]),
    ],
  },
  {
    title: "patches strategically",
    steps: [
      post(map("a", { metadata: { name: "a", finalizers: ["example.com/x"] } })),
      patch("strategic", `${maps}/a`, { metadata: { finalizers: ["example.com/y"] } }),
      patch("strategic", `${maps}/a`, { data: { $patch: "replace", z: "1" } }),
      patch("strategic", `${maps}/a`, {
        metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/x"] },
      }),
      patch("strategic", `${maps}/a`, { metadata: { finalizers: null } }),
      remove("a"),
    ],
  },
  {
    title: "patches strategically by directives",
    steps: [
      post(map("a")),
      patch("strategic", `${maps}/a`, { data: { $patch: "delete", a: "1" } }),
      patch("strategic", `${maps}/a`, { data: { z: "1" } }),
      patch("strategic", `${maps}/a`, { data: { $patch: "merge", y: "1" } }),
      patch("strategic", `${maps}/a`, { data: { $patch: "other", y: "1" } }),
      patch("strategic", `${maps}/a`, { $patch: "other" }),
    ],
  },
  {
    title: "applies, shares and refuses fields of others",
    steps: [
      patch("apply", `${maps}/a${applied("one")}`, map("a")),
      patch("apply", `${maps}/a${applied("two")}`, map("a", { data: { a: "1" } })),
      patch("apply", `${maps}/a${applied("two")}`, map("a", { data: { a: "changed" } })),
      patch("apply", `${maps}/a${applied("two", "&force=true")}`, map("a", { data: { a: "changed" } })),
      patch("apply", `${maps}/a${applied("one")}`, map("a", { data: { b: "2" } })),
      patch("apply", `${maps}/a${applied("two")}`, map("a", { data: undefined })),
      get("a"),
    ],
  },
  {
    title: "applies over what was written otherwise",
    steps: [
      post(map("a")),
      patch("apply", `${maps}/a${applied("one")}`, map("a", { data: { a: "5" } })),
      patch("apply", `${maps}/a${applied("one", "&force=true")}`, map("a", { data: { a: "5" } })),
      put("a", map("a", { data: { a: "6", c: "7" } }), "?fieldManager=other"),
      patch("apply", `${maps}/a${applied("one")}`, map("a", { data: { a: "5" } })),
      get("a"),
    ],
  },
  {
    title: "refuses applies that are none",
    steps: [
      patch("apply", `${maps}/a`, map("a")),
      patch("apply", `${maps}/a${applied("one")}`, map("b")),
      patch("apply", `${maps}/a${applied("one")}`, map("a", { apiVersion: "v2" })),
      patch(
        "apply",
        `${maps}/a${applied("one")}`,
        map("a", { metadata: { name: "a", managedFields: [{ manager: "x" }] } }),
      ),
      patch("apply", `${maps}/a${applied("one")}`, "a: [b"),
      patch("apply", `${maps}/a${applied("one")}`, map("a", { data: 5 })),
      patch("apply", `${maps}/a${applied("x".repeat(129))}`, map("a")),
    ],
  },
  {
    title: "waits for finalizers",
    steps: [
      post(map("a", { metadata: { name: "a", finalizers: ["example.com/x"] } })),
      remove("a"),
      remove("a"),
      get("a"),
      patch("merge", `${maps}/a`, { metadata: { finalizers: ["example.com/x", "example.com/new"] } }),
      patch("merge", `${maps}/a`, { metadata: { finalizers: null } }),
      get("a"),
      post(map("b", { metadata: { name: "b", finalizers: ["nope"] } })),
    ],
  },
  {
    title: "deletes with preconditions",
    steps: [
      post(map("a")),
      remove("a", {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid: "11111111-1111-1111-1111-111111111111" },
      }),
      remove("a", { preconditions: { resourceVersion: "1" } }),
      remove("a", { propagationPolicy: "Sideways" }),
      remove("a", "{"),
      remove("missing"),
      remove("a", { kind: "DeleteOptions", apiVersion: "v1" }),
    ],
  },
  {
    title: "generates names",
    steps: [
      (_last) => post({ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "Bad-" } }),
      post({ apiVersion: "v1", kind: "ConfigMap", metadata: {} }),
    ],
  },
  {
    title: "lists by labels and fields, page by page",
    steps: [
      ...["a", "b", "c", "d"].map((name, i) =>
        post(map(name, { metadata: { name, labels: { n: String(i), odd: String(i % 2) } } })),
      ),
      ...["odd=1", "n in (0,3)", "n notin (0,3)", "!odd", "odd,n!=2", "n>1", "=x", "a b"].map(
        (selector): ScriptRequest => ({
          method: "GET",
          path: `${maps}?labelSelector=${encodeURIComponent(selector)}`,
        }),
      ),
      ...[
        "metadata.name=b",
        "metadata.name!=b,metadata.name!=kube-root-ca.crt",
        "metadata.namespace=$ns,metadata.name=c",
        "data.a=1",
        "metadata.name",
      ].map((selector): ScriptRequest => ({
        method: "GET",
        path: `${maps}?fieldSelector=${encodeURIComponent(selector)}`,
      })),
      { method: "GET", path: `${maps}?labelSelector=odd&limit=3` },
      ({ body }) => ({
        method: "GET",
        path: `${maps}?labelSelector=odd&limit=3&continue=${(body as { metadata: { continue: string } }).metadata.continue}`,
      }),
      { method: "GET", path: `${maps}?limit=-1` },
      { method: "GET", path: `${maps}?continue=nonsense` },
      { method: "GET", path: `${maps}?resourceVersion=x` },
      { method: "GET", path: `${maps}?resourceVersionMatch=Exact` },
    ],
  },
  {
    title: "deletes collections",
    steps: [
      post(map("a", { metadata: { name: "a", labels: { x: "1" } } })),
      post(map("b", { metadata: { name: "b" } })),
      { method: "DELETE", path: `${maps}?labelSelector=x` },
      get("a"),
      get("b"),
    ],
  },
  {
    title: "answers what is not there",
    steps: [
      { method: "GET", path: "/api/v2" },
      { method: "GET", path: "/apis/nope.example/v1/things" },
      { method: "GET", path: "/api/v1/nopes" },
      { method: "GET", path: `${maps}/a/nope` },
      { method: "GET", path: "/nope" },
      { method: "POST", path: `${maps}/a`, body: map("a") },
      { method: "PUT", path: maps, body: map("a") },
      { method: "PATCH", path: maps, body: {}, contentType: patchTypes.merge },
      { method: "GET", path: "/api/v1/namespaces/not-there/configmaps" },
      { ...patch("merge", `${maps}/a`, {}), contentType: "text/plain" },
      { ...post(map("a")), contentType: "text/plain" },
    ],
  },
  {
    title: "keeps immutable maps and secrets",
    steps: [
      post(map("a", { immutable: true })),
      patch("merge", `${maps}/a`, { data: { a: "9" } }),
      patch("merge", `${maps}/a`, { immutable: false }),
      patch("merge", `${maps}/a`, { metadata: { labels: { x: "1" } } }),
    ],
  },
  {
    title: "writes a claim anew once that nothing changes",
    steps: [
      requests.post("/api/v1/namespaces/$ns/persistentvolumeclaims", {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "a" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      }),
      ...Array.from({ length: 3 }, () =>
        patch("merge", "/api/v1/namespaces/$ns/persistentvolumeclaims/a", {}),
      ),
    ],
  },
];
