import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldPath, FieldSet, ManagedFieldsEntry } from "#core/merge/index.ts";
import { fieldSetOf, predictApply, valueAt } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { fieldsAt } from "./fields.ts";
import { respectIgnored } from "./respect.ts";
import { web, webSchema as schema } from "./testdata/web.ts";
import type { ValuePath } from "./value-path.ts";

const word = fc.constantFrom("1", "2");
const container = fc.record(
  {
    name: fc.constantFrom("a", "b", "c"),
    image: word,
    command: fc.array(word, { maxLength: 2, minLength: 1 }),
  },
  { requiredKeys: ["name"] },
);
const spec = fc.record(
  {
    replicas: fc.integer({ min: 1, max: 3 }),
    containers: fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 3, minLength: 1 }),
    tolerations: fc.array(fc.record({ key: word, value: word }, { requiredKeys: ["key"] }), {
      maxLength: 2,
      minLength: 1,
    }),
    finalizers: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 2, minLength: 1 }),
  },
  { requiredKeys: [] },
);
const annotations = fc.record({ p: word, q: word }, { requiredKeys: [] });
const object = fc
  .tuple(spec, annotations)
  .map(([one, marks]) => web(one as JsonObject, Object.keys(marks).length === 0 ? undefined : marks));

const steps: readonly ValuePath[] = [
  ["spec", "replicas"],
  ["spec", "containers"],
  ["spec", "containers", 0],
  ["spec", "containers", 0, "image"],
  ["spec", "containers", 1, "image"],
  ["spec", "containers", 1, "command"],
  ["spec", "containers", 0, "command", 0],
  ["spec", "tolerations"],
  ["spec", "tolerations", 0],
  ["spec", "tolerations", 0, "value"],
  ["spec", "finalizers", 0],
  ["metadata", "annotations"],
  ["metadata", "annotations", "p"],
  ["spec"],
];

/** What a manager has applied of an object: each field or not, items of lists with their keys. */
function part(value: JsonValue, keeps: () => boolean): JsonValue {
  if (Array.isArray(value)) {
    return value
      .filter(() => keeps())
      .map((item: JsonValue) =>
        typeof item === "object" ? { ...(part(item, keeps) as JsonObject), ...keysOf(item) } : item,
      );
  }
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(() => keeps());
  return Object.fromEntries(
    kept
      .map(([name, field]) => [name, part(field as JsonValue, keeps)] as const)
      .filter(([, field]) => typeof field !== "object" || field === null || Object.keys(field).length > 0),
  );
}

function keysOf(item: JsonValue): JsonObject {
  const { name, key } = item as { readonly name?: string; readonly key?: string };
  return { ...(name === undefined ? {} : { name }), ...(key === undefined ? {} : { key }) };
}

/** Lists without keys are applied whole. */
function appliedPart(live: KubeObject, keeps: () => boolean): KubeObject {
  const { tolerations: _t, ...rest } = live["spec"] as JsonObject;
  const partial = part({ spec: rest, annotations: live.metadata.annotations ?? {} }, keeps) as JsonObject;
  const { tolerations } = live["spec"] as JsonObject;
  const containers = ((partial["spec"] as JsonObject | undefined)?.["containers"] ??
    []) as readonly JsonObject[];
  const whole = containers.map((one) => withWholeCommand(one, live));
  return web(
    {
      ...(partial["spec"] as JsonObject | undefined),
      ...(whole.length === 0 ? {} : { containers: whole }),
      ...(tolerations !== undefined && keeps() ? { tolerations } : {}),
    },
    partial["annotations"] as JsonObject | undefined,
  );
}

function withWholeCommand(one: JsonObject, live: KubeObject): JsonObject {
  const { containers = [] } = live["spec"] as { readonly containers?: readonly JsonObject[] };
  const command = containers.find(({ name }) => name === one["name"])?.["command"];
  return one["command"] === undefined || command === undefined ? one : { ...one, command };
}

function entry(manager: string, fields: FieldSet): ManagedFieldsEntry {
  return { manager, operation: "Apply", apiVersion: "apps/v1", subresource: "", time: "", fields };
}

/** True when the object has not the item of a list with keys, or the list without keys, that the field is in. */
function lacksItem(path: FieldPath, after: KubeObject): boolean {
  return path.some((element, i) => {
    const item = element.startsWith("k:") && i + 1 < path.length ? path.slice(0, i + 1) : undefined;
    const whole = element.startsWith("i:") ? path.slice(0, i) : item;
    return whole !== undefined && valueAt(after, whole) === undefined;
  });
}

const bits = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });

function decider(choices: readonly boolean[]): () => boolean {
  let at = 0;
  return () => choices[at++ % choices.length] ?? true;
}

describe("a sync that respects ignored differences", () => {
  it("leaves every ignored field of the live object as it is, whoever owns it and whatever Git says", () => {
    fc.assert(
      fc.property(
        fc.tuple(object, object, bits, bits),
        fc.subarray([...steps], { minLength: 1, maxLength: 3 }),
        ([desired, live, ours, theirs], paths) => {
          const ignored = fieldsAt(schema, desired, paths).union(fieldsAt(schema, live, paths));
          const own = entry("us", fieldSetOf(appliedPart(live, decider(ours)), schema));
          const others = [entry("other", fieldSetOf(appliedPart(live, decider(theirs)), schema))];
          const input = { desired, live, schema, ignored, own, others, whole: false };
          const sent = respectIgnored(input).object;
          const managedFields = [own, ...others];
          const after = predictApply({ live, desired: sent, schema, fieldManager: "us", managedFields });
          expect(after.predictable).toBe(true);
          const changed = ignored
            .paths()
            .filter(
              (path) =>
                valueAt(live, path) !== undefined &&
                ![desired, after.object].some((one) => lacksItem(path, one)),
            )
            .map((path) => [path, valueAt(live, path), valueAt(after.object, path)])
            .filter(([, before, now]) => JSON.stringify(before) !== JSON.stringify(now));
          expect(changed).toEqual([]);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
