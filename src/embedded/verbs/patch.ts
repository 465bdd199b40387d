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
import { readBody } from "./read-body.ts";
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
  const next = readBody(state, target, { body: patched, options });
  return { object: replaceObject(state, { target, live, next, options }), created: false };
}

function patchedBody({ kind }: Target, live: KubeObject, { kind: patchKind, body }: PatchRequest): JsonValue {
  switch (patchKind) {
    case "json":
      return applyJsonPatch(live, body);
    case "merge":
      return applyMergePatch(live, objectBody(body));
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
