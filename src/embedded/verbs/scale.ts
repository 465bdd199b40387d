import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewNumber, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { ScalePaths } from "../kinds/served-kind.ts";
import { formatSelector } from "../select/format-selector.ts";
import type { Target } from "./api.ts";
import { invalid } from "./refusals.ts";

/** The Scale of an object, as the scale subresource shows it. */
export function scaleOf(target: Target, object: KubeObject): KubeObject {
  const paths = pathsOf(target);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = selectorText(object, paths);
  const replicas = viewNumber(object, ...paths.specReplicas) ?? 0;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: defined({ name, namespace, uid, resourceVersion, creationTimestamp }),
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: viewNumber(object, ...paths.statusReplicas) ?? 0,
      ...(selector === "" ? {} : { selector }),
    },
  };
}

/** Of a custom resource without replicas there is no Scale to be read. Throws InternalError. */
export function requireReplicas(target: Target, object: KubeObject): void {
  const path = pathsOf(target).specReplicas;
  if (!target.kind.isCustom || viewNumber(object, ...path) !== undefined) return;
  const message = `the spec replicas field ${JSON.stringify(`.${path.join(".")}`)} does not exist`;
  throw new ApiError("InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** The object with the number of replicas that a Scale asks for. */
export function withScale(target: Target, object: KubeObject, scale: JsonObject): KubeObject {
  const replicas = viewNumber(scale, "spec", "replicas") ?? 0;
  if (!target.kind.isCustom && (!Number.isSafeInteger(replicas) || replicas < 0)) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    const kind = { ...target.kind, group: "autoscaling", kind: "Scale" };
    throw invalid(kind, object, [{ field: "spec.replicas", reason: "FieldValueInvalid", message }]);
  }
  const resourceVersion = viewString(scale, "metadata", "resourceVersion");
  const next = setAt(object, pathsOf(target).specReplicas, replicas) as KubeObject;
  const { resourceVersion: _live, ...metadata } = next.metadata;
  return { ...next, metadata: resourceVersion === undefined ? metadata : { ...metadata, resourceVersion } };
}

function pathsOf({ kind }: Target): ScalePaths {
  if (kind.scale !== undefined) return kind.scale;
  throw new ApiError("NotFound", "the server could not find the requested resource");
}

function selectorText(object: KubeObject, { selector }: ScalePaths): string {
  const found = selector === undefined ? undefined : viewPath(object, ...selector);
  if (typeof found === "string") return found;
  return isJsonObject(found) ? formatSelector(found) : "";
}

function setAt(value: JsonValue | undefined, path: readonly string[], leaf: JsonValue): JsonValue {
  const [field, ...rest] = path;
  if (field === undefined) return leaf;
  const map = isJsonObject(value) ? value : {};
  return { ...map, [field]: setAt(map[field], rest, leaf) };
}

function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Where the replicas of an object are. */
export function replicasPath(target: Target): readonly string[] {
  return pathsOf(target).specReplicas;
}

/** True for a body that is a Scale. */
export function isScale(body: JsonValue): body is JsonObject {
  return isJsonObject(body) && viewString(body, "kind") === "Scale" && isJsonObject(viewObject(body, "spec"));
}
