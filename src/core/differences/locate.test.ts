import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import { locateFields, readJqPaths } from "./locate.ts";
import { removePaths } from "./remove.ts";
import type { IgnoreEntry } from "./rules.ts";
import { collectRules } from "./rules.ts";

const object: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", annotations: { "a/b": "1", "c~d": "2" } },
  spec: { replicas: 3, containers: [{ name: "web", image: "web:1" }, { name: "proxy" }], list: [1, 2, 3] },
};

function managedBy(manager: string, fieldsV1: JsonObject): JsonObject {
  return { manager, operation: "Update", apiVersion: "apps/v1", fieldsType: "FieldsV1", fieldsV1 };
}

function ignoring(rule: Partial<IgnoreEntry>, now: KubeObject = object): KubeObject {
  const key = objectKey({ group: "apps", kind: "Deployment", namespace: "shop", name: "web" });
  const rules = collectRules("argocd/web", [{ group: "apps", kind: "Deployment", ...rule }], []).rulesFor(
    key,
  );
  return removePaths(object, locateFields(object, now, rules)) as KubeObject;
}

describe("ignored fields", () => {
  it("are named by pointers, with escapes and indexes", () => {
    expect(
      ignoring({ jsonPointers: ["/metadata/annotations/a~1b", "/metadata/annotations/c~0d"] }).metadata,
    ).toEqual({
      name: "web",
      namespace: "shop",
    });
    const { spec } = ignoring({
      jsonPointers: ["/spec/replicas", "/spec/containers/0/image", "/spec/list/1"],
    });
    expect(spec).toEqual({ containers: [{ name: "web" }, { name: "proxy" }], list: [1, 3] });
  });

  it("may be missing", () => {
    const pointers = [
      "/spec/none",
      "/spec/replicas/deep",
      "/spec/containers/7",
      "/spec/containers/-",
      "/spec/list/01",
    ];
    expect(ignoring({ jsonPointers: pointers })).toBe(object);
  });

  it("are those that a manager owns, but not what others put into its maps and items", () => {
    const fields = {
      "f:metadata": { "f:annotations": { ".": {}, "f:a/b": {} } },
      "f:spec": { "f:replicas": {}, "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {} } } },
      "f:status": { "f:ready": {} },
    };
    const managedFields = [managedBy("autoscaler", fields), managedBy("us", { "f:spec": { "f:list": {} } })];
    const now = { ...object, metadata: { ...object.metadata, managedFields } };
    const left = ignoring({ managedFieldsManagers: ["autoscaler", "nobody"] }, now);
    expect(left).toEqual({
      ...object,
      metadata: { name: "web", namespace: "shop", annotations: { "c~d": "2" } },
      spec: { containers: [{ name: "web" }, { name: "proxy" }], list: [1, 2, 3] },
    });
  });

  it("are where jq leads to, slices and indexes from the end included", () => {
    const left = (paths: JsonValue) => {
      const found = readJqPaths(paths, object);
      return found && (removePaths(object, found) as KubeObject)["spec"];
    };
    const spec = object["spec"] as JsonObject;
    expect(
      left([
        ["spec", "containers", 0],
        ["spec", "containers", -1, "name"],
      ]),
    ).toEqual({ ...spec, containers: [{}] });
    expect(left([["spec", "list", { start: 1, end: null }]])).toEqual({ ...spec, list: [1] });
    expect(left([["spec", "none", 4]])).toEqual(spec);
    expect(left([[]])).toEqual(spec);
    expect(left("text")).toBeUndefined();
    expect(left([[true]])).toBeUndefined();
  });
});
