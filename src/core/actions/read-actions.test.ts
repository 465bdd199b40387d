import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { readActions, readEffects } from "./index.ts";

function objectOf(apiVersion: string, kind: string, spec: JsonObject): KubeObject {
  const metadata = { name: "web", namespace: "shop", uid: "u1" };
  return { apiVersion, kind, metadata, spec } as unknown as KubeObject;
}

describe("what a discovery script returns", () => {
  it("is a table of actions by their names", () => {
    const params = [{ name: "replicas", default: "2" }, { name: "reason" }];
    expect(readActions([{ b: { disabled: true }, a: [], c: { displayName: "See", params } }], "X")).toEqual([
      { name: "a", disabled: false, params: [] },
      { name: "b", disabled: true, params: [] },
      { name: "c", disabled: false, displayName: "See", params },
    ]);
    expect(readActions([[]], "X")).toEqual([]);
  });

  it("is refused when it is anything else", () => {
    expect(() => readActions([], "X")).toThrow(
      "action script X: it must return a table of actions by their names",
    );
    expect(() => readActions([{ a: { params: 7 } }], "X")).toThrow(
      "action script X: a.params must be a list, found a number; write a list",
    );
  });
});

describe("what an action's script returns", () => {
  const source = objectOf("example.com/v1", "Widget", { empty: {}, list: [], volumes: [{ emptyDir: {} }] });
  const copy = (spec: JsonValue): JsonObject => ({ ...(source as unknown as JsonObject), spec });

  it("is the object as it shall be, with the empty objects that Lua took for lists", () => {
    const spec = { empty: [], list: [], volumes: [{ emptyDir: [] }], replicas: 2, added: [] };
    expect(readEffects([copy(spec)], source, "X")).toEqual([
      {
        operation: "patch",
        object: copy({ empty: {}, list: [], volumes: [{ emptyDir: {} }], replicas: 2, added: [] }),
      },
    ]);
  });

  it("may be a list of operations", () => {
    const made = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "made" } };
    expect(
      readEffects(
        [
          [
            { operation: "patch", resource: copy({}) },
            { operation: "create", resource: made },
          ],
        ],
        source,
        "X",
      ).map(({ operation, object }) => [operation, object.kind]),
    ).toEqual([
      ["patch", "Widget"],
      ["create", "ConfigMap"],
    ]);
    expect(readEffects([[]], source, "X")).toEqual([]);
  });

  it.each<[string, JsonValue]>([
    ["it must return the object, or a list of operations", null],
    ['the operation of each entry must be "create" or "patch"', [{ operation: "delete" }]],
    [
      "the resource of each entry must be an object with apiVersion, kind and metadata",
      [{ operation: "create", resource: { kind: "A" } }],
    ],
    [
      "it patches another object than its own; only its own can be patched",
      { apiVersion: "v1", kind: "Secret", metadata: { name: "web" } },
    ],
  ])("is refused otherwise: %s", (problem, value) => {
    expect(() => readEffects([value], source, "X")).toThrow(`action script X: ${problem}`);
  });
});
