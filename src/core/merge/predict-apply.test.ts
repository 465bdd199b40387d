import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FieldSet } from "./field-set.ts";
import { formatFieldsV1 } from "./managed-fields.ts";
import { parseOpenApiV3 } from "./openapi.ts";
import { fieldSetOf } from "./owned-fields.ts";
import { formatFieldPath, valueAt } from "./path.ts";
import { predictApply } from "./predict-apply.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

const part = {
  type: "object",
  properties: {
    name: { type: "string" },
    size: { type: "integer" },
    color: { type: "string", default: "red" },
  },
};
const spec = {
  type: "object",
  properties: {
    count: { type: "integer" },
    amount: { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity" },
    parts: {
      type: "array",
      items: part,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    words: { type: "array", items: { type: "string" } },
    labels: { type: "object", additionalProperties: { type: "string" } },
    solid: { type: "object", "x-kubernetes-map-type": "atomic", additionalProperties: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    inner: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } } },
  },
};
const schema = parseOpenApiV3({
  components: {
    schemas: {
      "com.example.v1.Widget": {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Widget" }],
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: {
            type: "object",
            properties: { name: { type: "string" }, finalizers: spec.properties.tags },
          },
          spec,
          status: { type: "object" },
        },
      },
      "io.k8s.apimachinery.pkg.api.resource.Quantity": {},
    },
  },
}).schemaOf({ group: "example.com", version: "v1", kind: "Widget" });

function widget(content: JsonObject): KubeObject {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec: content };
}

interface Owner {
  readonly manager: string;
  readonly operation?: "Apply" | "Update";
  readonly of: KubeObject;
}

function managed(object: KubeObject, owners: readonly Owner[]): KubeObject {
  const managedFields = owners.map(({ manager, operation = "Apply", of }) => ({
    manager,
    operation,
    apiVersion: of.apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: formatFieldsV1(fieldSetOf(of, schema)),
  }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function predict(live: KubeObject, desired: KubeObject) {
  const { object, conflicts, ...rest } = predictApply({ live, desired, schema, fieldManager: "us" });
  return {
    ...rest,
    conflicts: conflicts.map(({ path, manager }) => `${formatFieldPath(path)} ${manager}`),
    spec: object["spec"],
  };
}

describe("predictApply", () => {
  it("changes nothing, not even ownership, when the desired object was applied before", () => {
    const desired = widget({ count: 1, parts: [{ name: "a" }], tags: ["x"], amount: "1000m" });
    const live = managed(
      widget({ count: 1, parts: [{ name: "a", color: "red" }], tags: ["x"], amount: "1" }),
      [{ manager: "us", of: desired }],
    );
    const prediction = predictApply({ live, desired, schema, fieldManager: "us" });
    expect(prediction).toEqual({
      object: live,
      conflicts: [],
      changed: false,
      ownershipChanged: false,
      predictable: true,
    });
    expect(prediction.object).toBe(live);
  });

  it("removes what we owned and no longer apply, keeps what others own and what nobody owns", () => {
    const before = widget({
      count: 1,
      parts: [{ name: "a" }, { name: "b", size: 1 }],
      labels: { x: "1", y: "2" },
      inner: { a: "1" },
    });
    const live = managed(
      widget({
        count: 1,
        parts: [{ name: "a", color: "red" }, { name: "b", size: 1 }, { name: "c" }],
        labels: { x: "1", y: "2", z: "3" },
        inner: { a: "1", b: "default" },
      }),
      [
        { manager: "us", of: before },
        {
          manager: "other",
          of: widget({ parts: [{ name: "b" }, { name: "c" }], labels: { y: "2" } }),
          operation: "Update",
        },
      ],
    );
    expect(predict(live, widget({ labels: {} }))).toEqual({
      spec: { parts: [{ name: "b", color: "red" }, { name: "c" }], labels: { y: "2", z: "3" } },
      conflicts: [],
      changed: true,
      ownershipChanged: true,
      predictable: true,
    });
  });

  it("keeps the metadata when the last label that we owned goes", () => {
    const labelled = { ...widget({ count: 1 }), metadata: { name: "w", finalizers: ["a/b"] } };
    const { object } = predictApply({
      live: managed(labelled, [{ manager: "us", of: labelled }]),
      desired: widget({ count: 1 }),
      schema,
      fieldManager: "us",
    });
    expect({ ...object.metadata, managedFields: undefined }).toEqual({ name: "w" });
  });

  it("has nothing to own when only a name is applied", () => {
    expect(predict(widget({}), { ...widget({}), spec: undefined } as KubeObject)).toMatchObject({
      changed: false,
      ownershipChanged: false,
    });
  });

  it("takes back what another manager changed and names it", () => {
    const desired = widget({ count: 1, words: ["a"] });
    const live = managed(widget({ count: 5, words: ["b"] }), [
      { manager: "us", of: widget({ words: ["a"] }) },
      { manager: "scaler", of: widget({ count: 5 }), operation: "Update" },
    ]);
    expect(predict(live, desired)).toEqual({
      spec: { count: 1, words: ["a"] },
      conflicts: ["spec.count scaler"],
      changed: true,
      ownershipChanged: true,
      predictable: true,
    });
  });

  it("puts applied items in their order and leaves the others before the item they stood before", () => {
    const live = widget({
      parts: [{ name: "x" }, { name: "a" }, { name: "y" }, { name: "b" }, { name: "z" }],
    });
    const desired = widget({ parts: [{ name: "b" }, { name: "new" }, { name: "a" }] });
    const { spec: merged } = predict(live, desired);
    const names = (merged as { readonly parts: readonly { readonly name: string }[] }).parts.map(
      ({ name }) => name,
    );
    expect(names).toEqual(["x", "y", "b", "z", "new", "a"]);
  });

  it("fills the defaults of what is new and lets what is removed fall back to its default", () => {
    const live = managed(widget({ parts: [{ name: "a", color: "blue" }] }), [
      { manager: "us", of: widget({ parts: [{ name: "a", color: "blue" }] }) },
    ]);
    expect(predict(live, widget({ parts: [{ name: "a" }, { name: "b" }] })).spec).toEqual({
      parts: [
        { name: "a", color: "red" },
        { name: "b", color: "red" },
      ],
    });
  });

  it("unsets with null, and keeps a granular value that null or {} is applied to", () => {
    const live = managed(widget({ count: 1, labels: { a: "1" }, solid: { a: "1" } }), []);
    expect(predict(live, widget({ count: null, labels: null, solid: {} })).spec).toEqual({
      labels: { a: "1" },
      solid: {},
    });
  });

  it("says that only taking ownership is left when the values are already there", () => {
    const live = managed(widget({ count: 1 }), [
      { manager: "other", of: widget({ count: 1 }), operation: "Update" },
    ]);
    expect(predict(live, widget({ count: 1 }))).toMatchObject({
      changed: false,
      ownershipChanged: true,
      conflicts: [],
    });
  });

  it.each([
    [
      "duplicate keys",
      widget({ parts: [{ name: "a" }, { name: "a" }] }),
      "two items of a list have the same key",
    ],
    ["duplicate tags", widget({ tags: ["a", "a"] }), "two items of a list have the same key"],
    ["unknown fields", widget({ colour: "red" }), "field colour is not in the schema"],
    [
      "another version",
      { ...widget({}), apiVersion: "example.com/v2" },
      "the live object was read as example.com/v1",
    ],
  ])("leaves %s to the server", (_, desired, reason) => {
    const live = widget({ count: 1, parts: [{ name: "b" }], tags: ["b"] });
    expect(predict(live, desired)).toMatchObject({ predictable: false, reason });
  });

  it("treats maps as granular and lists as atomic where there is no schema", () => {
    const live = managed(widget({ map: { a: 1, b: 2 }, list: [{ name: "a" }, { name: "b" }] }), [
      { manager: "us", of: widget({}) },
    ]);
    const desired = widget({ map: { a: 3 }, list: [{ name: "c" }] });
    const { object } = predictApply({ live, desired, schema: undefined, fieldManager: "us" });
    expect(object["spec"]).toEqual({ map: { a: 3, b: 2 }, list: [{ name: "c" }] });
  });

  it("leaves status as it lives", () => {
    const live = { ...widget({ count: 1 }), status: { ready: 1 } };
    const { object } = predictApply({
      live,
      desired: { ...widget({ count: 2 }), status: {} },
      schema,
      fieldManager: "us",
    });
    expect([object["spec"], object["status"]]).toEqual([{ count: 2 }, { ready: 1 }]);
  });
});

const word = fc.constantFrom("a", "b", "c", "d");
const specs: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      count: fc.nat(3),
      amount: fc.constantFrom("1", "1000m", "1Ki", "1024", 2),
      parts: fc.uniqueArray(
        fc.record(
          { name: word, size: fc.nat(2), color: fc.constantFrom("red", "blue") },
          { requiredKeys: ["name"] },
        ),
        {
          selector: ({ name }) => name,
        },
      ),
      tags: fc.uniqueArray(word),
      words: fc.array(word, { maxLength: 3 }),
      labels: fc.dictionary(word, word, { noNullPrototype: true }),
      solid: fc.dictionary(word, word, { noNullPrototype: true }),
      free: fc.dictionary(
        word,
        fc.oneof(word, fc.dictionary(word, word, { noNullPrototype: true }), fc.array(word)),
        { noNullPrototype: true },
      ),
      inner: fc.record({ a: word, b: word }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  .map((content) => content as JsonObject);

/** What the server would store after the predicted apply. */
function applied(live: KubeObject, desired: KubeObject): KubeObject {
  const { object } = predictApply({ live, desired, schema, fieldManager: "us" });
  const others = (live.metadata.managedFields ?? []).filter((entry) => entry["manager"] !== "us");
  const own = managed(object, [{ manager: "us", of: desired }]).metadata.managedFields ?? [];
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, ...own] } };
}

function reordered(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => reordered(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, field]) => [name, reordered(field ?? null)]),
  );
}

describe("a predicted apply", () => {
  const numRuns = 100;

  it("has nothing to do after it was done", () => {
    fc.assert(
      fc.property(specs, specs, specs, (a, b, c) => {
        const live = managed(widget(a), [
          { manager: "us", of: widget(b) },
          { manager: "other", of: widget(a), operation: "Update" },
        ]);
        const desired = widget(c);
        const again = predictApply({ live: applied(live, desired), desired, schema, fieldManager: "us" });
        // An empty list with keys is dropped while it still had items, and kept when it is applied to nothing.
        fc.pre(![c["parts"], c["tags"]].some((list) => isJsonArray(list) && list.length === 0));
        expect({ changed: again.changed, ownershipChanged: again.ownershipChanged }).toEqual({
          changed: false,
          ownershipChanged: false,
        });
      }),
      { numRuns },
    );
  });

  it("does not depend on the order of fields", () => {
    fc.assert(
      fc.property(specs, specs, (a, b) => {
        const live = managed(widget(a), [{ manager: "us", of: widget(a) }]);
        const straight = predictApply({ live, desired: widget(b), schema, fieldManager: "us" });
        const turned = predictApply({
          live: reordered(live) as KubeObject,
          desired: reordered(widget(b)) as KubeObject,
          schema,
          fieldManager: "us",
        });
        expect({ ...turned, conflicts: [] }).toEqual({ ...straight, conflicts: [] });
      }),
      { numRuns },
    );
  });

  it("changes nothing when a part of the live object is applied that we already own", () => {
    fc.assert(
      fc.property(specs, fc.subarray(Object.keys(spec.properties)), (a, names) => {
        const own = widget(Object.fromEntries(Object.entries(a).filter(([name]) => names.includes(name))));
        const live = managed(widget(a), [{ manager: "us", of: own }]);
        expect(predictApply({ live, desired: own, schema, fieldManager: "us" })).toMatchObject({
          object: live,
          changed: false,
          ownershipChanged: false,
        });
      }),
      { numRuns },
    );
  });

  it("keeps every field that others own and we do not apply", () => {
    fc.assert(
      fc.property(specs, specs, specs, (a, b, c) => {
        const live = managed(widget(a), [
          { manager: "us", of: widget(b) },
          { manager: "other", of: widget(a) },
        ]);
        const { object } = predictApply({ live, desired: widget(c), schema, fieldManager: "us" });
        const wanted = fieldSetOf(widget(c), schema);
        for (const path of fieldSetOf(widget(a), schema).difference(wanted).paths()) {
          const replaced = path.some(
            (_, i) => wanted.has(path.slice(0, i)) && !isJsonObject(valueAt(widget(c), path.slice(0, i))),
          );
          if (!replaced && valueAt(widget(c), path) === undefined)
            expect(valueAt(object, path)).toBeDefined();
        }
      }),
      { numRuns },
    );
  });

  it("leaves every applied value in the object", () => {
    fc.assert(
      fc.property(specs, specs, (a, c) => {
        const { object } = predictApply({ live: widget(a), desired: widget(c), schema, fieldManager: "us" });
        const missing = fieldSetOf(widget(c), schema)
          .paths()
          .filter((path) => valueAt(object, path) === undefined);
        expect(FieldSet.of(...missing).paths()).toEqual([]);
      }),
      { numRuns },
    );
  });
});
