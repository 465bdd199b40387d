import { CONFIG, DEPLOYMENT } from "./manifests.ts";
import { config, gadget, GADGET, SMALL } from "./write-manifests.ts";
import type { Write, WriteCase } from "./writes.ts";

/** Creations, updates and patches of every kind, and what they leave in managedFields. */
export const UPDATE_CASES: readonly WriteCase[] = [
  {
    title: "updates by several managers",
    object: CONFIG,
    writes: [
      { by: "a", create: CONFIG },
      { by: "b", merge: '{ data: { one: "x", new: "y" } }' },
      { by: "b", merge: '{ data: { one: "x" } }' },
      { by: "c", put: '{ data: { two: null, new: "z" }, metadata: { labels: null } }' },
      { by: "a", json: [{ op: "replace", path: "/data/one", value: "1" }] },
      { by: "d", merge: "{ data: null }" },
      { by: "d", merge: "{ data: { }, metadata: { annotations: null } }" },
    ],
  },
  {
    title: "finalizers",
    object: SMALL,
    writes: [
      { by: "a", create: SMALL },
      {
        by: "a",
        merge: "{ metadata: { finalizers: [a.example.com/x, a.example.com/y] } }",
      },
      { by: "b", strategic: "{ metadata: { finalizers: [b.example.com/z] } }" },
      { by: "c", apply: config("{ a: b }", ", finalizers: [a.example.com/x]") },
      { by: "a", merge: "{ metadata: { finalizers: null } }" },
    ],
  },
  {
    title: "managedFields in an update",
    object: SMALL,
    writes: [
      { by: "a", create: config('{ one: "1" }') },
      {
        by: "b",
        merge:
          "{ data: { two: x }, metadata: { managedFields: [{ manager: own, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: { f:data: { f:one: {}, f:two: {} } } }] } }",
      },
      {
        by: "b",
        merge:
          "{ data: { three: x }, metadata: { managedFields: [{ manager: bad, operation: Foo, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {} }] } }",
      },
      { by: "b", put: "{ data: { four: x }, metadata: { managedFields: null } }" },
      { by: "b", merge: "{ data: { five: x }, metadata: { managedFields: [{ }] } }" },
      { by: "b", merge: "{ data: { six: x } }" },
      { by: "c", apply: config("{ six: x, seven: y }") },
      { by: "b", merge: "{ data: { five: z }, metadata: { managedFields: [] } }" },
      { by: "c", apply: config("{ five: y }") },
      { by: "c", force: true, apply: config("{ five: y }") },
    ],
  },
  {
    title: "more than ten managers",
    object: SMALL,
    writes: [
      { by: "m0", create: config("{ k0: x }") },
      ...Array.from({ length: 13 }, (_, i): Write => ({
        by: `m${i + 1}`,
        merge: `{ data: { k${i + 1}: x } }`,
      })),
      { by: "m3", merge: "{ data: { k3: y } }" },
    ],
  },
  {
    title: "status of a custom resource",
    object: GADGET,
    writes: [
      { by: "a", create: GADGET.replace("spec:", "status: { phase: Early }\nspec:") },
      {
        by: "controller",
        subresource: "status",
        merge:
          '{ status: { phase: Ready, conditions: [{ type: A, state: x }] }, spec: { replicas: 9 }, metadata: { labels: { b: "2" } } }',
      },
      { by: "a", merge: "{ status: { phase: Wrong }, spec: { replicas: 4 } }" },
      {
        by: "other",
        subresource: "status",
        apply:
          "{ apiVersion: writes.example.com/v1, kind: Gadget, metadata: { name: g }, status: { conditions: [{ type: B, state: y }] }, spec: { replicas: 7 } }",
      },
      {
        by: "other",
        subresource: "status",
        apply:
          "{ apiVersion: writes.example.com/v1, kind: Gadget, metadata: { name: g }, status: { phase: Other } }",
      },
      {
        by: "other",
        apply:
          "{ apiVersion: writes.example.com/v1, kind: Gadget, metadata: { name: g }, status: { phase: Other } }",
      },
      { by: "controller", subresource: "status", put: "{ status: null }" },
    ],
  },
  {
    title: "status of a Deployment",
    object: DEPLOYMENT,
    writes: [
      { by: "a", create: DEPLOYMENT },
      {
        by: "b",
        subresource: "status",
        merge:
          '{ status: { collisionCount: 3 }, metadata: { labels: { z: "1" }, annotations: { note: x } }, spec: { replicas: 3 } }',
      },
      {
        by: "c",
        subresource: "status",
        apply:
          "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: web, labels: { q: x }, annotations: { other: y } }, status: { collisionCount: 4 } }",
      },
    ],
  },
  {
    title: "two versions of a custom resource",
    object: GADGET,
    writes: [
      { by: "a", create: GADGET },
      { by: "a", version: "writes.example.com/v2", merge: "{ spec: { replicas: 5, amount: x } }" },
      { by: "b", version: "writes.example.com/v2", apply: gadget("{ replicas: 6, tags: [n] }") },
      { by: "b", version: "writes.example.com/v2", force: true, apply: gadget("{ replicas: 6, tags: [n] }") },
      { by: "b", apply: gadget("{ tags: [m] }") },
      { by: "a", merge: "{ spec: { replicas: 5 } }" },
    ],
  },
];
