import { withoutServerFields } from "#core/merge/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewObject } from "#core/object/index.ts";
import { encodeBase64, isSecret } from "#core/redact/index.ts";

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The desired object as it is to be applied and compared: without status and the server's metadata, without null
 * timestamps and client-side apply's annotation, a Secret's stringData moved into data, and the rules of an aggregated
 * ClusterRole left to its controller. What is applied must be what was compared, or ownership never settles.
 */
export function normalizeDesired(desired: KubeObject): KubeObject {
  const bare = withoutLastApplied(withoutServerFields(desired));
  const secret = isSecret(bare) ? withDataOnly(bare) : bare;
  const role = isAggregated(secret) ? without(secret, "rules") : secret;
  const crd = role.kind === "CustomResourceDefinition" ? withoutObsoleteFlag(role) : role;
  return withoutNullTimestamps(crd) as KubeObject;
}

function withoutLastApplied(object: KubeObject): KubeObject {
  const annotations = object.metadata.annotations;
  if (!isJsonObject(annotations) || annotations[LAST_APPLIED] === undefined) return object;
  return { ...object, metadata: { ...object.metadata, annotations: without(annotations, LAST_APPLIED) } };
}

/** stringData wins over data, as in the API server. */
function withDataOnly(secret: KubeObject): KubeObject {
  const text = secret["stringData"];
  if (text === undefined) return secret;
  const rest = without(secret, "stringData");
  if (!isJsonObject(text)) return rest;
  const encoded = Object.entries(text).map(([key, value]) => [key, encodeBase64(textOf(value))] as const);
  return { ...rest, data: { ...viewObject(secret, "data"), ...Object.fromEntries(encoded) } };
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function isAggregated(object: KubeObject): boolean {
  return object.kind === "ClusterRole" && isJsonObject(object["aggregationRule"]);
}

/** Only v1beta1 knew another value than false; v1 drops the field. */
function withoutObsoleteFlag(crd: KubeObject): KubeObject {
  const spec = viewObject(crd, "spec");
  return spec["preserveUnknownFields"] === false
    ? { ...crd, spec: without(spec, "preserveUnknownFields") }
    : crd;
}

/** Generated manifests hold `creationTimestamp: null` in every metadata, at any depth. */
function withoutNullTimestamps(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => withoutNullTimestamps(item));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name, field]) => !(name === "creationTimestamp" && field === null),
  );
  return Object.fromEntries(
    kept.map(([name, field]) => [name, field === undefined ? field : withoutNullTimestamps(field)]),
  );
}

function without<T extends JsonObject>(object: T, field: string): T {
  const { [field]: _removed, ...rest } = object;
  return rest as T;
}
