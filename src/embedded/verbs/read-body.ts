import type { JsonObject, KubeObject } from "#core/object/index.ts";
import {
  formatApiVersion,
  isJsonObject,
  parseApiVersion,
  viewArray,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import type { Target, WriteOptions } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { unnamed } from "./refusals.ts";

interface Body {
  readonly body: JsonObject;
  readonly options: WriteOptions;
}

/** The object that a body holds, of the kind, name and namespace that the path says. Throws BadRequest. */
export function readBody(state: ClusterState, target: Target, body: Body): KubeObject {
  return placeBody(target, decodeBody(state, target.kind, body));
}

/** A body as its kind reads it. Unknown fields are refused, told of or passed over as `fieldValidation` asks. Throws BadRequest. */
export function decodeBody(state: ClusterState, kind: ServedKind, { body, options }: Body): JsonObject {
  checkKind(state, kind, body);
  const { object, unknown } = state.rules.decode(kind, body);
  if (unknown.length > 0 && options.fieldValidation === "Strict") {
    throw new ApiError(
      "BadRequest",
      `${cannotBeHandled(kind)}: strict decoding error: ${unknown.join(", ")}`,
    );
  }
  if (options.fieldValidation === "Warn") unknown.forEach(options.warn);
  return object;
}

/** An object where the path says that it is. Throws BadRequest for one that says otherwise. */
export function placeBody(target: Target, object: JsonObject): KubeObject {
  const found = placed(target, object);
  if (target.name !== "" && (viewString(object, "metadata", "name") ?? "") === "") throw unnamed(target.name);
  return found;
}

/** The configuration of an apply, as it was sent: the merge holds it to the schema. Throws BadRequest. */
export function readConfiguration(target: Target, body: JsonObject): KubeObject {
  const { kind } = target;
  const [apiVersion = "", named = ""] = [viewString(body, "apiVersion"), viewString(body, "kind")];
  if (apiVersion === formatApiVersion(kind.group, kind.version) && named === kind.kind) {
    if (viewArray(body, "metadata", "managedFields").length > 0)
      throw new ApiError("BadRequest", "metadata.managedFields must be nil");
    return { ...body, metadata: metadataOf(body) } as KubeObject;
  }
  const { group, version } = parseApiVersion(apiVersion);
  throw new ApiError("BadRequest", `invalid object type: ${group}/${version}, Kind=${named}`);
}

/** What an apply made of a configuration, as the schema spells it. */
export function decodeMerged(
  state: ClusterState,
  target: Target,
  { merged, applied }: { readonly merged: KubeObject; readonly applied: KubeObject },
): JsonObject {
  try {
    return state.rules.decode(target.kind, target.kind.isCustom ? withoutCreation(merged) : merged).object;
  } catch (error) {
    if (!(error instanceof ApiError && error.message.startsWith(cannotBeHandled(target.kind)))) throw error;
    const why = error.message
      .slice(cannotBeHandled(target.kind).length + 2)
      .replace(
        /^json: cannot unmarshal number \d*\.\d+ .* of type (int32|int64)$/,
        "cannot convert float64 to $1",
      );
    const { group, version, kind } = target.kind;
    const type = `${group}/${version}, Kind=${kind}`;
    const what = `${applied.metadata.namespace ?? ""}/${applied.metadata.name ?? ""}; ${type}`;
    throw new ApiError(
      "Unknown",
      `failed to convert new object (${what}) to proper version: unable to convert unstructured object to ${type}: ${/^(?:parsing time|quantities must|cannot convert)/.test(why) ? "" : "error decoding from json: "}${why}`,
    );
  }
}

/** When a custom resource was made is not read, whatever it is. */
function withoutCreation(object: KubeObject): KubeObject {
  const { creationTimestamp: _time, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** An applied object where the path says that it is. Throws BadRequest for one that says otherwise. */
export function placeMerged(target: Target, decoded: JsonObject): KubeObject {
  return placed(target, decoded);
}

function cannotBeHandled({ kind, version }: ServedKind, named = ""): string {
  return `${named === "" ? kind : named} in version ${JSON.stringify(version)} cannot be handled as a ${kind}`;
}

/** What a built-in kind's body leaves out is what the path says. */
function checkKind(state: ClusterState, kind: ServedKind, body: JsonObject): void {
  const [apiVersion = "", named = ""] = [viewString(body, "apiVersion"), viewString(body, "kind")];
  if (kind.isCustom && named === "") throw missingField("Kind", body);
  if (kind.isCustom && apiVersion === "") throw missingField("apiVersion", body);
  const wanted = formatApiVersion(kind.group, kind.version);
  if ((apiVersion === "" || apiVersion === wanted) && (named === "" || named === kind.kind)) return;
  throw new ApiError(
    "BadRequest",
    `${cannotBeHandled(kind, named)}: ${mismatch(state, kind, { apiVersion, named })}`,
  );
}

function mismatch(
  state: ClusterState,
  kind: ServedKind,
  { apiVersion, named }: { readonly apiVersion: string; readonly named: string },
): string {
  const { group, version } = parseApiVersion(
    apiVersion === "" ? formatApiVersion(kind.group, kind.version) : apiVersion,
  );
  const given = state.catalog().findKind({ group, version, kind: named === "" ? kind.kind : named });
  if (given === undefined) {
    return `no kind ${JSON.stringify(named)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  }
  const package_ = kind.group === "" ? "core" : (kind.group.split(".")[0] ?? "");
  return `converting (${given.version}.${given.kind}) to (${package_}.${kind.kind}): unknown conversion`;
}

function missingField(field: string, body: JsonObject): ApiError {
  return new ApiError(
    "BadRequest",
    `Object '${field}' is missing in '${JSON.stringify(body).slice(0, 200)}'`,
  );
}

function placed({ kind, namespace, name }: Target, object: JsonObject): KubeObject {
  const metadata = viewObject(object, "metadata");
  const [ownNamespace = "", ownName = ""] = [viewString(metadata, "namespace"), viewString(metadata, "name")];
  if (kind.namespaced && ownNamespace !== "" && ownNamespace !== namespace) {
    throw new ApiError(
      "BadRequest",
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (name !== "" && ownName !== "" && ownName !== name) {
    throw new ApiError(
      "BadRequest",
      `the name of the object (${ownName}) does not match the name on the URL (${name})`,
    );
  }
  const { namespace: _dropped, ...rest } = metadata;
  return {
    ...object,
    apiVersion: formatApiVersion(kind.group, kind.version),
    kind: kind.kind,
    metadata: { ...rest, ...nameOf(name, ownName), ...(kind.namespaced ? { namespace } : {}) },
  };
}

function nameOf(onPath: string, own: string): JsonObject {
  const name = own === "" ? onPath : own;
  return name === "" ? {} : { name };
}

/** The metadata of a body, for what has to be looked at before the whole. */
function metadataOf(body: JsonObject): JsonObject {
  const metadata = body["metadata"];
  return isJsonObject(metadata) ? metadata : {};
}
