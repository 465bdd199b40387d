import { describe, expect, it } from "vitest";
import { parseOpenApiV3 } from "./openapi.ts";
import { deduced } from "./schema.ts";
import type { FieldSchema } from "./schema.ts";
import type { JsonObject } from "#core/object/index.ts";

const REF = "#/components/schemas/";
const META = "io.k8s.apimachinery.pkg.";

const document: JsonObject = {
  components: {
    schemas: {
      "io.k8s.api.test.v1.Thing": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "test.k8s.io", version: "v1", kind: "Thing" }],
        properties: {
          spec: { allOf: [{ $ref: `${REF}io.k8s.api.test.v1.ThingSpec` }], default: {} },
          owner: { $ref: `${REF}io.k8s.api.test.v1.Owner`, "x-kubernetes-map-type": "granular" },
          solid: { $ref: `${REF}io.k8s.api.test.v1.Owner` },
        },
      },
      "io.k8s.api.test.v1.ThingSpec": {
        type: "object",
        properties: {
          parts: {
            type: "array",
            items: { allOf: [{ $ref: `${REF}io.k8s.api.test.v1.Part` }], default: {} },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
          },
          old: {
            type: "array",
            items: { $ref: `${REF}io.k8s.api.test.v1.Part` },
            "x-kubernetes-patch-strategy": "merge",
            "x-kubernetes-patch-merge-key": "name",
          },
          words: { type: "array", items: { type: "string" } },
          limits: { type: "object", additionalProperties: { $ref: `${REF}${META}api.resource.Quantity` } },
          port: { $ref: `${REF}${META}util.intstr.IntOrString` },
          every: { $ref: `${REF}${META}apis.meta.v1.Duration` },
          raw: { $ref: `${REF}${META}runtime.RawExtension` },
        },
      },
      "io.k8s.api.test.v1.Part": {
        type: "object",
        properties: {
          name: { type: "string", default: "" },
          protocol: { type: "string", default: "TCP" },
          parts: { type: "array", items: { $ref: `${REF}io.k8s.api.test.v1.Part` } },
        },
      },
      "io.k8s.api.test.v1.Owner": {
        type: "object",
        "x-kubernetes-map-type": "atomic",
        properties: { name: { type: "string" } },
      },
      [`${META}api.resource.Quantity`]: { oneOf: [{ type: "string" }, { type: "number" }] },
      [`${META}util.intstr.IntOrString`]: {
        format: "int-or-string",
        oneOf: [{ type: "integer" }, { type: "string" }],
      },
      [`${META}apis.meta.v1.Duration`]: { type: "string" },
      [`${META}runtime.RawExtension`]: { type: "object" },
      "com.example.v1.Widget": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Widget" }],
        properties: {
          spec: {
            type: "object",
            "x-kubernetes-preserve-unknown-fields": true,
            properties: {
              size: { "x-kubernetes-int-or-string": true },
              inner: { type: "object", properties: { a: { type: "string" } } },
            },
          },
          strict: { type: "object", properties: { a: { type: "string" } } },
          any: {},
        },
      },
    },
  },
};

const kinds = parseOpenApiV3(document);
const thing = kinds.schemaOf({ group: "test.k8s.io", version: "v1", kind: "Thing" }) ?? deduced;
const widget = kinds.schemaOf({ group: "example.com", version: "v1", kind: "Widget" }) ?? deduced;

function at(schema: FieldSchema, ...path: readonly string[]): FieldSchema | undefined {
  return path.reduce<FieldSchema | undefined>(
    (current, name) => (name === "[]" ? current?.items : current?.field(name)),
    schema,
  );
}

describe("parseOpenApiV3", () => {
  it("knows a kind by its group, version and kind, and no other", () => {
    expect(kinds.schemaOf({ group: "test.k8s.io", version: "v2", kind: "Thing" })).toBeUndefined();
    expect(kinds.schemaOf({ group: "", version: "", kind: "" })).toBeUndefined();
  });

  it("reads list types, keys, formats and defaults through references", () => {
    const view = (schema: FieldSchema | undefined) =>
      schema && [schema.type, schema.atomic, schema.listType, schema.listKeys, schema.format];
    expect({
      parts: view(at(thing, "spec", "parts")),
      old: view(at(thing, "spec", "old")),
      words: view(at(thing, "spec", "words")),
      limit: view(at(thing, "spec", "limits", "cpu")),
      port: view(at(thing, "spec", "port")),
      every: view(at(thing, "spec", "every")),
      raw: view(at(thing, "spec", "raw")),
      owner: view(at(thing, "owner")),
      solid: view(at(thing, "solid")),
    }).toEqual({
      parts: ["list", false, "map", ["name"], undefined],
      old: ["list", false, "map", ["name"], undefined],
      words: ["list", false, "atomic", undefined, undefined],
      limit: ["scalar", false, undefined, undefined, "quantity"],
      port: ["scalar", false, undefined, undefined, "int-or-string"],
      every: ["scalar", false, undefined, undefined, "duration"],
      raw: ["untyped", true, undefined, undefined, undefined],
      owner: ["map", false, undefined, undefined, undefined],
      solid: ["map", true, undefined, undefined, undefined],
    });
    expect(at(thing, "spec", "parts", "[]", "protocol")?.default).toBe("TCP");
    expect(at(thing, "spec")?.default).toEqual({});
  });

  it("follows a schema that contains itself", () => {
    expect(at(thing, "spec", "parts", "[]", "parts", "[]", "parts", "[]", "name")?.type).toBe("scalar");
  });

  it("tells named fields from keys of free-form maps, and refuses fields that a schema does not have", () => {
    expect(at(thing, "spec", "limits")?.declares("cpu")).toBe(false);
    expect(at(thing, "spec")?.declares("limits")).toBe(true);
    expect(at(widget, "strict", "unknown")).toBeUndefined();
    expect(at(widget, "spec", "inner", "unknown")?.type).toBe("untyped");
    expect(at(widget, "any")).toMatchObject({ type: "untyped", atomic: false });
    expect(at(widget, "spec", "size")?.format).toBe("int-or-string");
  });

  it("tells built-in kinds from custom resources", () => {
    expect([at(thing, "spec")?.omitsEmpty, at(widget, "spec")?.omitsEmpty]).toEqual([true, false]);
  });

  it("survives a document that is none", () => {
    expect(
      parseOpenApiV3({ components: { schemas: [] } }).schemaOf({ group: "", version: "v1", kind: "Pod" }),
    ).toBeUndefined();
  });
});
