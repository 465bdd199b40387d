import { all, fields, items, keyed, mostly, one, seldom, type Shape } from "../shapes.ts";
import type { RandomKind } from "./random-kind.ts";

const scalar = one(
  { type: "string" },
  { type: "integer" },
  { type: "string", enum: ["a", "b"], default: "a" },
  { type: "integer", minimum: 1, default: 2 },
  { type: "string", nullable: true },
  { type: "string", format: "date-time" },
  { type: "string", pattern: "^a*$", maxLength: 5 },
  { "x-kubernetes-int-or-string": true },
  { type: "what" },
  {},
);

const list = one(
  { type: "array", items: { type: "string" } },
  { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
  {
    type: "array",
    items: { type: "object", required: ["k"], properties: { k: { type: "string" } } },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["k"],
  },
  { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
  { type: "array" },
);

const map = one(
  { type: "object", additionalProperties: { type: "string" } },
  { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
  { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
  { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
);

const spec: Shape = (draw, portion) => ({
  type: "object",
  properties: {
    one: scalar(draw, portion),
    many: list(draw, portion),
    deep: map(draw, portion),
  },
});

const schema = mostly(
  (draw, portion) => ({
    openAPIV3Schema: {
      type: "object",
      properties: {
        spec: spec(draw, portion),
        status: { type: "object", properties: { replicas: { type: "integer" } } },
      },
    },
  }),
  {},
  { openAPIV3Schema: { type: "string" } },
);

const subresources = one(
  { status: {} },
  { status: {}, scale: { specReplicasPath: ".spec.one", statusReplicasPath: ".status.replicas" } },
  { scale: { specReplicasPath: "spec.one", statusReplicasPath: ".spec.one" } },
  {},
);

const columns = items(
  one(
    { name: "One", type: "string", jsonPath: ".spec.one" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp", priority: 1 },
    { name: "", type: "text", jsonPath: "spec" },
  ),
  2,
  1,
);

const versions = mostly((draw, portion) => {
  const made = keyed(
    "name",
    ["v1", "v1beta1"],
    all(
      fields({ served: one(true, true, false) }, { schema }),
      seldom({
        subresources,
        additionalPrinterColumns: columns,
        deprecated: one(true),
      }),
    ),
  )(draw, portion) as readonly object[];
  const stored = draw.chance(0.95) ? 0 : 1;
  return made.map((version, at) => ({ served: true, storage: at === stored, ...version }));
}, []);

const names = all(
  fields(
    {
      singular: mostly(one("thing"), "Bad_Name"),
      shortNames: one(["th"], ["Bad_Name"]),
      categories: one(["all"], ["Bad_Name"]),
      listKind: one("ThingList", "things"),
    },
    { kind: mostly(one("Thing"), "", "9", "bad kind") },
  ),
  fields({}, { plural: mostly(one("things"), "", "Things") }),
);

/** Definitions, which are only tried: what is made of one comes a moment later, and never at the same moment on two servers. */
export const definitionKind: RandomKind = {
  path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  head: { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
  content: fields(
    {},
    {
      spec: fields(
        {
          conversion: one(
            { strategy: "None" },
            { strategy: "Webhook" },
            { strategy: "Other" },
            { strategy: "None", webhook: { conversionReviewVersions: ["v1"] } },
          ),
          preserveUnknownFields: one(false),
        },
        {
          group: mostly(one("tried.example.com"), "", "Bad_Group", "nodot"),
          names,
          scope: mostly(one("Namespaced", "Cluster"), "Other", ""),
          versions,
        },
      ),
    },
  ),
  minimal: {},
  isOnlyTried: true,
  weight: 0,
};
