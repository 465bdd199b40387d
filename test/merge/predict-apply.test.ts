import { beforeAll, describe, expect, it } from "vitest";
import { controlPlane, createNamespace, eventually } from "../control-plane/fixture.ts";
import { CASES, edited, objectOf } from "./cases.ts";
import type { Case } from "./cases.ts";
import { CRD } from "./manifests.ts";
import { mergeServer } from "./server.ts";
import type { MergeServer } from "./server.ts";
import { normalizeDesired } from "#core/compare/index.ts";
import { parseManagedFields, predictApply } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual } from "#core/object/index.ts";

const MANAGER = "argocd-controller";

/** Each case has an object of its own, so that cases do not disturb each other. */
function named(object: KubeObject, index: number): KubeObject {
  if (object.kind === "CustomResourceDefinition") return object;
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name ?? ""}-${index}` } };
}

function comparable(object: KubeObject): JsonObject {
  const { managedFields: _m, resourceVersion: _r, generation: _g, ...metadata } = object.metadata;
  const { status: _s, ...rest } = object;
  return withoutNulls({ ...rest, metadata }) as JsonObject;
}

/** The server prints null for some empty lists, and drops the null when it stores the object. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutNulls(item));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field ?? null)]));
}

function ownedBy(object: KubeObject): string {
  const own = parseManagedFields(object).find(
    (entry) => entry.manager === MANAGER && entry.operation === "Apply",
  );
  return JSON.stringify(
    own?.fields
      .paths()
      .map((path) => path.join("/"))
      .toSorted(),
  );
}

async function prepare(server: MergeServer, { before, others = [] }: Case, index: number): Promise<void> {
  const object = named(normalizeDesired(objectOf(before)), index);
  await server.apply(object, MANAGER);
  for (const { manager, apply, patch } of others) {
    if (apply !== undefined) await server.apply(named(objectOf(apply), index), manager);
    if (patch !== undefined) await server.update(object, patch, manager);
  }
}

/** The live object and the server's answer to it, read again until no controller wrote in between. */
async function askServer(server: MergeServer, desired: KubeObject) {
  for (;;) {
    const live = await server.read(desired);
    const answer = await server.apply(desired, MANAGER, true);
    const after = await server.read(desired);
    if (after.metadata.resourceVersion === live.metadata.resourceVersion) return { live, answer };
  }
}

async function verdicts(server: MergeServer, desired: KubeObject) {
  const { live, answer } = await askServer(server, desired);
  const schema = await server.schemaOf(desired);
  const prediction = predictApply({ live, desired, schema, fieldManager: MANAGER });
  return {
    predicted: { changed: prediction.changed, ownershipChanged: prediction.ownershipChanged },
    actual: {
      changed: !jsonEqual(comparable(live), comparable(answer)),
      ownershipChanged: ownedBy(live) !== ownedBy(answer),
    },
    prediction: comparable(prediction.object),
    answer: comparable(answer),
  };
}

describe("predicting an apply", () => {
  let server: MergeServer;

  beforeAll(async () => {
    const namespace = await createNamespace(controlPlane(), "merge");
    server = mergeServer(controlPlane(), namespace.name);
    await server.apply(objectOf(CRD), "test");
    await eventually(async () => {
      server.forgetSchemas();
      expect(
        await server.schemaOf(objectOf("{ apiVersion: merge.example.com/v1, kind: Widget }")),
      ).toBeDefined();
    });
    return async () => {
      await server.remove(objectOf(CRD));
      await namespace[Symbol.asyncDispose]();
    };
  });

  it.for(CASES.map((entry, index) => ({ ...entry, index })))("$title", async (entry) => {
    await prepare(server, entry, entry.index);
    const desired = named(normalizeDesired(edited(objectOf(entry.before), entry.edits)), entry.index);
    const first = await verdicts(server, desired);
    if (entry.approximate === "verdict") expect(first.predicted).toEqual({ ...first.actual, changed: true });
    else expect(first.predicted).toEqual(first.actual);
    if (entry.approximate === undefined) expect(first.prediction).toEqual(first.answer);
    await server.apply(desired, MANAGER);
    const second = await verdicts(server, desired);
    expect(second.predicted).toEqual(second.actual);
  });
});
