import { all, fields, items, keyed, mapOf, mostly, one, seldom } from "../shapes.ts";
import type { RandomKind } from "./random-kind.ts";

const group = "differential.example.com";
const text = { type: "string" };

const partsSchema = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: {
    type: "object",
    required: ["name"],
    properties: { name: text, count: { type: "integer", default: 1 }, note: { ...text, nullable: true } },
  },
};

const portsSchema = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["port", "protocol"],
  items: {
    type: "object",
    required: ["port"],
    properties: { port: { type: "integer" }, protocol: { ...text, default: "TCP" }, name: text },
  },
};

const gadgetSpec = {
  type: "object",
  required: ["size"],
  properties: {
    amount: { "x-kubernetes-int-or-string": true },
    color: { ...text, enum: ["red", "blue"], default: "red" },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    inner: { type: "object", default: {}, properties: { a: text, b: { ...text, default: "b" } } },
    labels: { type: "object", additionalProperties: text },
    maybe: { ...text, nullable: true, default: "x" },
    parts: partsSchema,
    ports: portsSchema,
    ratio: { type: "number", maximum: 1, exclusiveMinimum: true, minimum: 0 },
    replicas: { type: "integer" },
    size: { type: "integer", minimum: 1, maximum: 9 },
    solid: { type: "object", "x-kubernetes-map-type": "atomic", properties: { a: text, b: text } },
    tags: { type: "array", "x-kubernetes-list-type": "set", items: text },
    when: { ...text, format: "date-time" },
    words: { type: "array", maxItems: 3, items: { ...text, maxLength: 3, pattern: "^[a-z]*$" } },
  },
  "x-kubernetes-validations": [
    { rule: "!has(self.replicas) || self.replicas <= self.size", message: "no more replicas than the size" },
  ],
};

const gadgetStatus = {
  type: "object",
  properties: {
    phase: { ...text, enum: ["Up", "Down"] },
    replicas: { type: "integer" },
    selector: text,
    conditions: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["type"],
      items: { type: "object", required: ["type"], properties: { type: text, state: text } },
    },
  },
};

const schema = {
  openAPIV3Schema: { type: "object", properties: { spec: gadgetSpec, status: gadgetStatus } },
};

const scale = {
  specReplicasPath: ".spec.replicas",
  statusReplicasPath: ".status.replicas",
  labelSelectorPath: ".status.selector",
};

const selectableFields = [{ jsonPath: ".spec.color" }];

/** A kind with subresources and most of what a schema may say, in two versions that are the same. */
const gadgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `gadgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {}, scale },
        selectableFields,
        schema,
      },
      {
        name: "v1beta1",
        served: true,
        storage: false,
        subresources: { status: {} },
        selectableFields,
        schema,
      },
    ],
  },
};

/** A kind without subresources that keeps what it does not know. */
const looseDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `looses.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "looses", singular: "loose", kind: "Loose" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

/** The definitions whose objects the scripts write. */
export const definitions: readonly object[] = [gadgetDefinition, looseDefinition];

const free = one(
  {},
  { deep: "text" },
  { deep: { er: [1, { x: null }] } },
  { deep: { one: 1 }, list: [] },
  { list: { a: 1 } },
  [],
  "x",
);

const gadgetContent = fields(
  {},
  {
    spec: all(
      fields(
        {
          color: mostly(one("red", "blue"), "green", 5),
          inner: fields({ a: one("1", "2"), b: one("1"), c: one(1) }),
          labels: mapOf(["k", "l"], mostly(one("v", "w"), 5)),
          parts: mostly(
            keyed(
              "name",
              ["a", "b", "c"],
              fields({ count: mostly(one(1, 2, 5), "x"), note: one("n", null) }),
            ),
            [{ count: 1 }],
            {},
          ),
          ports: keyed("port", [80, 443], fields({ protocol: one("TCP", "UDP"), name: one("p", "q") })),
          replicas: mostly(one(0, 1, 2, 3), 99, -1),
          tags: mostly(items(one("x", "y", "z"), 1), ["x", "x"], [1]),
        },
        { size: mostly(one(1, 2, 3, 4), 99, 0, "big", null, 1.5) },
      ),
      seldom(
        {
          amount: mostly(one(5, "5", "50%"), 1.5, true),
          free,
          maybe: one("y", null),
          ratio: mostly(one(0.5, 1, 0.25), 0, 2),
          solid: fields({ a: one("1", "2"), b: one("1", "2"), c: one("3") }),
          unknown: one(1, { x: null }),
          when: mostly(one("2001-01-01T00:00:00Z"), "yesterday"),
          words: mostly(items(one("a", "bc"), 2), ["long word"], ["a", "b", "c", "d"], ["A"], [null]),
        },
        0.6,
      ),
    ),
  },
);

const gadgetStatusShape = fields({
  phase: mostly(one("Up", "Down"), "Sideways"),
  replicas: one(0, 1, 2),
  selector: one("a=b", ""),
  conditions: keyed("type", ["Ready", "Other"], fields({ state: one("x", "y") })),
  nope: one(1),
});

const gadgetKind = {
  content: gadgetContent,
  minimal: { spec: { size: 1 } },
  status: gadgetStatusShape,
  hasScale: true,
  isCustom: true,
} as const;

export const gadgets: RandomKind = {
  ...gadgetKind,
  path: `/apis/${group}/v1/namespaces/$ns/gadgets`,
  head: { apiVersion: `${group}/v1`, kind: "Gadget" },
  fieldSelectors: ["spec.color=red", "spec.color!=red"],
  weight: 18,
};

export const betaGadgets: RandomKind = {
  ...gadgetKind,
  path: `/apis/${group}/v1beta1/namespaces/$ns/gadgets`,
  head: { apiVersion: `${group}/v1beta1`, kind: "Gadget" },
  hasScale: false,
  weight: 4,
};

export const looses: RandomKind = {
  path: `/apis/${group}/v1/namespaces/$ns/looses`,
  head: { apiVersion: `${group}/v1`, kind: "Loose" },
  content: fields({
    spec: free,
    data: mapOf(["a", "b"], one("1", 2, null, { x: 1 })),
    list: items(one(1, "a", { name: "n" }), 2),
    status: free,
  }),
  isCustom: true,
  minimal: {},
  weight: 5,
};
