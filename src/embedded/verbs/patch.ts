import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { applyMergePatch, isJsonArray, isJsonObject } from "#core/object/index.ts";
import { deduced } from "#core/merge/index.ts";
import { ApiError } from "../api-error.ts";
import { applyJsonPatch } from "../patch/json-patch.ts";
import { applyStrategicMerge } from "../patch/strategic-merge.ts";
import type { PatchRequest, Target, WriteOptions, Written } from "./api.ts";
import { applyObject } from "./apply.ts";
import type { ClusterState } from "./cluster-state.ts";
import { getObject } from "./read.ts";
import { decodeBody, placeBody } from "./read-body.ts";
import { requireVersion } from "./require-version.ts";
import { replaceObject } from "./update.ts";

/** PATCH of an object or of its status. */
export function patchObject(
  state: ClusterState,
  target: Target,
  { patch, options }: { readonly patch: PatchRequest; readonly options: WriteOptions },
): Written {
  if (patch.kind === "apply") return applyObject(state, target, { patch, options });
  const live = getObject(state, target).object;
  const patched = patchedBody(target, live, patch);
  if (!isJsonObject(patched)) throw new ApiError("BadRequest", "the patch leaves no object");
  const next = readPatched(state, target, { patch, patched, options });
  requireVersion(target, next);
  return { object: replaceObject(state, { target, live, next, options }), created: false };
}

interface Patched {
  readonly patch: PatchRequest;
  readonly patched: JsonObject;
  readonly options: WriteOptions;
}

/** What a patch makes of an object; where it is none, the patch is what is wrong. */
function readPatched(state: ClusterState, target: Target, { patch, patched, options }: Patched): KubeObject {
  const decoded = ((): JsonObject => {
    try {
      return decodeBody(state, target.kind, { body: patched, options });
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== "BadRequest") throw error;
      throw unreadable(patch.kind === "strategic" ? patch.body : patched, error);
    }
  })();
  return placeBody(target, decoded);
}

function unreadable(patched: JsonValue, { message: why }: ApiError): ApiError {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(patched))}: ${why}`;
  const causes = [{ reason: "FieldValueInvalid", message, field: "patch" }];
  return new ApiError("Invalid", ` "" is invalid: patch: ${message}`, { causes });
}

function patchedBody({ kind }: Target, live: KubeObject, { kind: patchKind, body }: PatchRequest): JsonValue {
  switch (patchKind) {
    case "json":
      return applyJsonPatch(live, body);
    case "merge":
      return applyMergePatch(live, withoutNullsInLists(objectBody(body)) as JsonObject);
    case "strategic":
      if (kind.isCustom) throw noStrategicMerge();
      return applyStrategicMerge(live, body, kind.merge ?? deduced);
    case "apply":
      throw new Error("an apply is no patch of the live object");
  }
}

function objectBody(body: JsonValue): JsonObject {
  if (isJsonObject(body)) return body;
  throw new ApiError(
    "BadRequest",
    `error decoding patch: json: cannot unmarshal ${jsonTypeOf(body)} into Go value of type map[string]interface {}`,
  );
}

/** Unlike RFC 7386 the API server's library also takes nulls out of objects that are in lists. */
function withoutNullsInLists(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => withoutNulls(item));
  if (!isJsonObject(value)) return value;
  return mapFields(value, (field) => (field === null ? null : withoutNullsInLists(field)));
}

function withoutNulls(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => withoutNulls(item));
  if (!isJsonObject(value)) return value;
  return mapFields(value, (field) => (field === null ? undefined : withoutNulls(field)));
}

function mapFields(object: JsonObject, change: (field: JsonValue) => JsonValue | undefined): JsonObject {
  const changed = Object.entries(object).map(([name, field]) => [
    name,
    field === undefined ? field : change(field),
  ]);
  return Object.fromEntries(changed.filter(([, field]) => field !== undefined)) as JsonObject;
}

/** As Go's decoder names types. */
function jsonTypeOf(value: JsonValue): string {
  if (isJsonArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function noStrategicMerge(): ApiError {
  return new ApiError(
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
  );
}
