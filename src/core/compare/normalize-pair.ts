import { isAggregated, LAST_APPLIED } from "./normalize-desired.ts";
import type { JsonArray, JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { canonicalJson, isJsonArray, isJsonObject, viewObject } from "#core/object/index.ts";

/**
 * Takes from an object what a comparison is to ignore; called with the live and with the predicted object. `live` is the
 * object as it lives, in both calls, for rules that depend on who owns a field.
 */
type Normalizer = (object: KubeObject, live: KubeObject) => KubeObject;

/** What is never drift, whatever the kind: what the server writes, and what another tool noted about itself. */
export const builtInNormalizers: readonly Normalizer[] = [
  withoutRuntimeFields,
  normalizeAggregatedRole,
  normalizeEndpoints,
];

function withoutRuntimeFields(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object as JsonObject;
  const {
    managedFields: _m,
    resourceVersion: _r,
    uid: _u,
    generation: _g,
    ...metadata
  } = viewObject(object, "metadata");
  const { creationTimestamp: _c, selfLink: _s, deletionTimestamp: _d, ...kept } = metadata;
  const { [LAST_APPLIED]: _l, ...annotations } = viewObject(object, "metadata", "annotations");
  const hasAnnotations = Object.keys(annotations).length > 0;
  const { annotations: _a, ...plain } = kept;
  return { ...rest, metadata: hasAnnotations ? { ...plain, annotations } : plain } as unknown as KubeObject;
}

/** The rules of an aggregated role are its controller's. */
function normalizeAggregatedRole(object: KubeObject, live: KubeObject): KubeObject {
  if (!isAggregated(object) && !isAggregated(live)) return object;
  const { rules: _rules, ...rest } = object as JsonObject;
  return rest as unknown as KubeObject;
}

/** Subsets, addresses and ports of Endpoints have no order; their controller writes them sorted. */
function normalizeEndpoints(object: KubeObject): KubeObject {
  if (object.kind !== "Endpoints" || object.apiVersion !== "v1" || !isJsonArray(object["subsets"]))
    return object;
  const subsets = sorted(
    object["subsets"].map((subset) => (isJsonObject(subset) ? sortedLists(subset) : subset)),
  );
  return { ...object, subsets };
}

function sortedLists(subset: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(subset).map(([name, value]) => [name, isJsonArray(value) ? sorted(value) : value]),
  );
}

function sorted(list: JsonArray): JsonArray {
  const keyed = list.map((item): readonly [string, JsonValue] => [canonicalJson(item), item]);
  return keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
