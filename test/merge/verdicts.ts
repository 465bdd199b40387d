import type { MergeServer } from "./server.ts";
import { parseManagedFields, predictApply } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual } from "#core/object/index.ts";

export const MANAGER = "argocd-controller";

/** Each case has an object of its own, so that cases do not disturb each other. */
export function named(object: KubeObject, index: number): KubeObject {
  if (object.kind === "CustomResourceDefinition") return object;
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name ?? ""}-${index}` } };
}

/** The object without what every write changes. */
export function comparable(object: KubeObject): JsonObject {
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

/** The live object and the server's answer to it, read again until no controller wrote in between. */
async function askServer(server: MergeServer, desired: KubeObject) {
  for (;;) {
    const live = await server.read(desired);
    const answer = await server.apply(desired, MANAGER, true);
    const after = await server.read(desired);
    if (after.metadata.resourceVersion === live.metadata.resourceVersion) return { live, answer };
  }
}

/** What is predicted of an apply, and what the server answers to it in a dry run. */
export async function askVerdicts(server: MergeServer, desired: KubeObject) {
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
