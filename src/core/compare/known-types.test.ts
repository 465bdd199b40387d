import { expect, it } from "vitest";
import { deduced, parseOpenApiV3 } from "#core/merge/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { compareObject } from "./compare.ts";
import { withKnownTypes } from "./known-types.ts";

const text = { type: "string" };
const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const schemas = parseOpenApiV3({
  components: {
    schemas: {
      "com.example.v1.Rollout": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Rollout" }],
        properties: {
          apiVersion: text,
          kind: text,
          metadata: { type: "object", properties: { name: text } },
          spec: { type: "object", properties: { pod: anything, size: text, wait: text, limits: anything } },
        },
      },
      "io.k8s.api.core.v1.Pod": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Pod" }],
        properties: { spec: { $ref: "#/components/schemas/io.k8s.api.core.v1.PodSpec" } },
      },
      "io.k8s.apimachinery.pkg.api.resource.Quantity": {},
      "io.k8s.api.core.v1.PodSpec": {
        type: "object",
        properties: {
          overhead: {
            type: "object",
            additionalProperties: {
              $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity",
            },
          },
          nested: { $ref: "#/components/schemas/io.k8s.api.core.v1.PodSpec" },
        },
      },
    },
  },
});

const rollout = schemas.schemaOf({ group: "example.com", version: "v1", kind: "Rollout" }) ?? deduced;
const pod = schemas.schemaOf({ group: "", version: "v1", kind: "Pod" }) ?? deduced;

function drift(
  fields: readonly { readonly field: string; readonly type: string }[],
  desired: JsonObject,
  live: JsonObject,
): readonly string[] {
  const object = (spec: JsonObject): KubeObject => ({
    apiVersion: "example.com/v1",
    kind: "Rollout",
    metadata: { name: "web" },
    spec,
  });
  return compareObject({
    desired: object(desired),
    live: object(live),
    schema: rollout,
    comparedAs: withKnownTypes(rollout, fields, [pod]),
    fieldManager: "us",
    secretHash: String,
  }).drift.map(({ path }) => path);
}

it("compares fields of a custom kind as the built-in types that they hold", () => {
  const desired = {
    pod: { overhead: { cpu: "1000m" } },
    size: "1024Mi",
    wait: "90s",
    limits: { cpu: "0.5" },
  };
  const live = { pod: { overhead: { cpu: "1" } }, size: "1Gi", wait: "1m30s", limits: { cpu: "500m" } };
  expect(drift([], desired, live)).toEqual([
    "spec.pod.overhead.cpu",
    "spec.size",
    "spec.wait",
    "spec.limits.cpu",
  ]);
  const known = [
    { field: "spec.pod", type: "core/v1/PodSpec" },
    { field: "spec.size", type: "core/Quantity" },
    { field: "spec.wait", type: "meta/v1/Duration" },
    { field: "spec.limits", type: "core/v1/ResourceList" },
  ];
  expect(drift(known, desired, live)).toEqual([]);
  expect(drift(known, { ...desired, size: "2Gi" }, live)).toEqual(["spec.size"]);
});

it("compares as before where nobody knows the type", () => {
  const unknown = [{ field: "spec.size", type: "core/v1/Nothing" }];
  expect(drift(unknown, { size: "1024Mi" }, { size: "1Gi" })).toEqual(["spec.size"]);
});
