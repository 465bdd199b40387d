import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewPath } from "#core/object/index.ts";
import type { Application as ApplicationMessage } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

export type ApplicationShape = ShapeOf<ApplicationMessage>;

/**
 * An Application as clients are shown it: without the record of who owns which field, and without manifests that somebody syncs from their
 * own files, since these may hold values of Secrets.
 */
export function presentApplication(app: KubeObject): ApplicationShape {
  const { managedFields: _owners, ...metadata } = app.metadata;
  const shown: JsonObject = { ...app, metadata: metadata as JsonObject };
  return withoutOwnManifests(shown) as ApplicationShape;
}

export function isApplication({ apiVersion, kind }: KubeObject): boolean {
  return kind === "Application" && apiVersion.startsWith("argoproj.io/");
}

/** An Application without the manifests that somebody syncs from their own files. */
export function withoutOwnManifests(app: JsonObject): JsonObject {
  return withoutManifests(withoutManifests(app, ["operation"]), ["status", "operationState", "operation"]);
}

function withoutManifests(object: JsonObject, path: readonly string[]): JsonObject {
  if (viewPath(object, ...path, "sync", "manifests") === undefined) return object;
  return without(object, [...path, "sync", "manifests"]);
}

function without(object: JsonObject, [field = "", ...rest]: readonly string[]): JsonObject {
  if (rest.length === 0) {
    const { [field]: _left, ...kept } = object;
    return kept;
  }
  const inner = object[field];
  return isJsonObject(inner) ? { ...object, [field]: without(inner, rest) } : object;
}
