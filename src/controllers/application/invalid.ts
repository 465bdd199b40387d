import type { Application } from "#core/app/index.ts";
import { setConditions } from "#core/app/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, jsonEqual, viewPath } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ApplicationDeps } from "./deps.ts";
import { hubFieldManager } from "./write-status.ts";

/** Says on an Application that cannot be read what is wrong with it; nothing else of it is touched. */
export async function writeInvalid(
  object: KubeObject,
  error: Error,
  { deps, signal }: { readonly deps: ApplicationDeps; readonly signal: AbortSignal },
): Promise<Outcome> {
  const found = viewPath(object, "status", "conditions");
  const before = (isJsonArray(found) ? found : []) as NonNullable<Application["status"]>["conditions"];
  const conditions = setConditions(before ?? [], {
    evaluated: ["InvalidSpecError"],
    found: [{ type: "InvalidSpecError", message: error.message }],
    now: formatTime(deps.adapters.clock.now()),
  });
  if (jsonEqual(found, conditions as JsonValue)) return { kind: "stalled" };
  const { name = "", namespace = "" } = object.metadata;
  const patch: JsonObject = { status: { conditions: conditions as JsonValue } };
  const written = await deps.hub.cluster.mergePatch({ type: hubTypes.application, namespace, name }, patch, {
    fieldManager: hubFieldManager,
    signal,
  });
  deps.hub.applications.observe(written);
  return { kind: "stalled" };
}
