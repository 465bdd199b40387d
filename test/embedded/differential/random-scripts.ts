import type { ScriptRequest } from "./server.ts";

/** Numbers that a seed decides (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Kind {
  readonly path: string;
  readonly head: object;
  /** Bodies without name and metadata, some of them wrong. */
  readonly bodies: readonly object[];
  readonly patches: readonly object[];
  readonly isCustom?: true;
}

const gadgets = "gadgets.differential.example.com";

/** The definition whose objects the scripts use. */
export const gadgetDefinition: object = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: gadgets },
  spec: {
    group: "differential.example.com",
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1, maximum: 9 },
                  color: { type: "string", enum: ["red", "blue"], default: "red" },
                  tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    items: {
                      type: "object",
                      required: ["name"],
                      properties: { name: { type: "string" }, count: { type: "integer", default: 1 } },
                    },
                  },
                  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                },
              },
              status: { type: "object", properties: { phase: { type: "string" } } },
            },
          },
        },
      },
    ],
  },
};

const kinds: readonly Kind[] = [
  {
    path: "/api/v1/namespaces/$ns/configmaps",
    head: { apiVersion: "v1", kind: "ConfigMap" },
    bodies: [
      { data: { a: "1" } },
      { data: { a: "2", b: "x" } },
      { data: { "bad key": "x" } },
      { binaryData: { z: "AAE=" } },
      { data: { a: 1 } },
      {},
    ],
    patches: [{ data: { a: "3" } }, { data: { a: null } }, { data: null }, { immutable: true }],
  },
  {
    path: "/api/v1/namespaces/$ns/secrets",
    head: { apiVersion: "v1", kind: "Secret" },
    bodies: [
      { stringData: { a: "1" } },
      { data: { a: "MQ==" }, type: "Opaque" },
      { data: { a: "no base64!" } },
      { type: "example.com/own" },
    ],
    patches: [
      { stringData: { a: "2" } },
      { type: "changed" },
      { data: { b: "Mg==" } },
      { data: { a: null } },
    ],
  },
  {
    path: "/apis/rbac.authorization.k8s.io/v1/namespaces/$ns/roles",
    head: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
    bodies: [
      { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
      { rules: [{ resources: ["pods"] }] },
      {},
    ],
    patches: [
      { rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] }] },
      { rules: null },
    ],
  },
  {
    path: "/apis/coordination.k8s.io/v1/namespaces/$ns/leases",
    head: { apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
    bodies: [
      { spec: { holderIdentity: "a", leaseDurationSeconds: 15 } },
      { spec: { leaseDurationSeconds: 0 } },
      {},
    ],
    patches: [{ spec: { holderIdentity: "b" } }, { spec: { leaseTransitions: 1 } }, { spec: null }],
  },
  {
    path: "/apis/differential.example.com/v1/namespaces/$ns/gadgets",
    head: { apiVersion: "differential.example.com/v1", kind: "Gadget" },
    isCustom: true,
    bodies: [
      { spec: { size: 1 } },
      { spec: { size: 3, color: "blue", tags: ["x", "y"], parts: [{ name: "a" }, { name: "b", count: 2 }] } },
      { spec: { size: 99 } },
      { spec: { size: "big" } },
      { spec: { color: "green", size: 2 } },
      { spec: { size: 2, free: { deep: { er: [1, { x: null }] } }, unknown: 1 } },
      { spec: { size: 2, tags: ["x", "x"] } },
      {},
    ],
    patches: [
      { spec: { size: 4 } },
      { spec: { color: null } },
      { spec: { parts: [{ name: "b", count: 5 }] } },
      { spec: { tags: ["z"] } },
      { spec: { free: { other: true } } },
      { status: { phase: "Up" } },
    ],
  },
];

const metadata: readonly object[] = [
  {},
  { labels: { l: "1" } },
  { labels: { l: "2" }, annotations: { n: "x" } },
  { finalizers: ["example.com/f"] },
  { labels: null },
];

/** The requests of one script, which a seed decides: writes of all kinds on two objects of one kind, by several managers. */
export function randomScript(seed: number, length = 8): readonly ScriptRequest[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  };
  const kind = pick(kinds);
  return Array.from({ length }, () => randomRequest(kind, random, pick));
}

/** The objects that a script may leave behind. */
export function objectsOf([first]: readonly ScriptRequest[]): readonly { readonly path: string }[] {
  const [collection = ""] = /^.*\/(?:configmaps|secrets|roles|leases|gadgets)/.exec(first?.path ?? "") ?? [];
  return ["one", "two"].map((name) => ({ path: `${collection}/${name}` }));
}

type Pick = <T>(list: readonly T[]) => T;

function randomRequest(kind: Kind, random: () => number, pick: Pick): ScriptRequest {
  const name = pick(["one", "two"]);
  const at = `${kind.path}/${name}`;
  const manager = `fieldManager=${pick(["ann", "bob"])}`;
  const dry = random() < 0.1 ? "&dryRun=All" : "";
  const body = { ...kind.head, metadata: { name, ...pick(metadata) }, ...pick(kind.bodies) };
  const patch = { ...(random() < 0.3 ? { metadata: pick(metadata) } : {}), ...pick(kind.patches) };
  const act = random();
  if (act < 0.3)
    return {
      method: "POST",
      path: `${kind.path}?${manager}${dry}${pick(["", "&fieldValidation=Strict"])}`,
      body,
    };
  if (act < 0.4) return { method: "PUT", path: `${at}?${manager}${dry}`, body };
  if (act < 0.5)
    return {
      method: "PATCH",
      path: `${at}?${manager}${dry}`,
      body: patch,
      contentType: "application/merge-patch+json",
    };
  if (act < 0.6 && kind.isCustom !== true)
    return {
      method: "PATCH",
      path: `${at}?${manager}${dry}`,
      body: patch,
      contentType: "application/strategic-merge-patch+json",
    };
  if (act < 0.8)
    return {
      method: "PATCH",
      path: `${at}?${manager}${dry}${pick(["", "&force=true"])}`,
      body,
      contentType: "application/apply-patch+yaml",
    };
  if (act < 0.85 && kind.isCustom === true)
    return {
      method: "PATCH",
      path: `${at}/status?${manager}`,
      body: { status: { phase: pick(["Up", "Down"]) } },
      contentType: "application/merge-patch+json",
    };
  if (act < 0.92) return { method: "DELETE", path: at };
  return { method: "GET", path: at };
}
