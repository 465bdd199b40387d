import { describe, expect, it } from "vitest";
import { parseOpenApiV3 } from "#core/merge/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { applyStrategicMerge } from "./strategic-merge.ts";

const merged = (key: string) => ({
  "x-kubernetes-patch-strategy": "merge",
  "x-kubernetes-patch-merge-key": key,
});
const item = {
  type: "object",
  properties: {
    name: { type: "string" },
    image: { type: "string" },
    args: { type: "array", items: { type: "string" } },
  },
};
const kinds = parseOpenApiV3({
  components: {
    schemas: {
      "io.k8s.api.test.v1.Thing": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "test", version: "v1", kind: "Thing" }],
        properties: {
          containers: { type: "array", ...merged("name"), items: item },
          plain: { type: "array", items: { type: "string" } },
          finalizers: { type: "array", "x-kubernetes-patch-strategy": "merge", items: { type: "string" } },
          strategy: {
            type: "object",
            "x-kubernetes-patch-strategy": "retainKeys",
            properties: { type: { type: "string" }, rolling: { type: "object" } },
          },
          labels: { type: "object", additionalProperties: { type: "string" } },
        },
      },
    },
  },
});
const schema = kinds.schemaOf({ group: "test", version: "v1", kind: "Thing" });
const live: JsonObject = {
  containers: [
    { name: "a", image: "a:1", args: ["x"] },
    { name: "b", image: "b:1" },
  ],
  plain: ["one", "two"],
  finalizers: ["f1"],
  strategy: { type: "RollingUpdate", rolling: {} },
  labels: { x: "1", y: "2" },
};

function patched(patch: JsonValue): JsonObject {
  if (schema === undefined) throw new Error("the kind has no schema");
  return applyStrategicMerge(live, patch, schema);
}

describe("a strategic merge patch", () => {
  it.for<[string, JsonValue, JsonObject]>([
    [
      "merges items by their key",
      { containers: [{ name: "b", image: "b:2" }] },
      {
        containers: [
          { name: "a", image: "a:1", args: ["x"] },
          { name: "b", image: "b:2" },
        ],
      },
    ],
    [
      "adds new items before those that it does not name",
      { containers: [{ name: "c", image: "c:1" }] },
      { containers: [{ name: "c", image: "c:1" }, ...(live["containers"] as JsonValue[])] },
    ],
    [
      "deletes an item",
      { containers: [{ name: "a", $patch: "delete" }] },
      { containers: [{ name: "b", image: "b:1" }] },
    ],
    [
      "replaces a list on request",
      { containers: [{ name: "z" }, { $patch: "replace" }] },
      { containers: [{ name: "z" }] },
    ],
    ["replaces lists without a strategy", { plain: ["three"] }, { plain: ["three"] }],
    ["unites lists of texts", { finalizers: ["f1", "f2"] }, { finalizers: ["f1", "f2"] }],
    ["removes from lists of texts", { "$deleteFromPrimitiveList/finalizers": ["f1"] }, { finalizers: [] }],
    ["removes fields by null", { labels: { x: null } }, { labels: { y: "2" } }],
    ["replaces a map on request", { labels: { $patch: "replace", z: "3" } }, { labels: { z: "3" } }],
    [
      "retains the keys that are named",
      { strategy: { $retainKeys: ["type"], type: "Recreate" } },
      { strategy: { type: "Recreate" } },
    ],
    [
      "orders items",
      {
        "$setElementOrder/containers": [{ name: "b" }, { name: "a" }],
        containers: [{ name: "b", image: "b:3" }],
      },
      {
        containers: [
          { name: "b", image: "b:3" },
          { name: "a", image: "a:1", args: ["x"] },
        ],
      },
    ],
    [
      "orders items of a list that is otherwise left",
      { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
      {
        containers: [
          { name: "b", image: "b:1" },
          { name: "a", image: "a:1", args: ["x"] },
        ],
      },
    ],
  ])("%s", ([, patch, expected]) => {
    expect(patched(patch)).toEqual({ ...live, ...expected });
  });

  it("refuses an item without its key, and an unknown directive", () => {
    expect(() => patched({ containers: [{ image: "x" }] })).toThrow(
      "does not contain declared merge key: name",
    );
    expect(() => patched({ labels: { $patch: "explode" } })).toThrow(
      "unknown patch type: explode in map: map[$patch:explode]",
    );
    expect(() => patched(["x"])).toThrow("no object");
  });
});
