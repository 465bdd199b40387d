import type { KubeObject } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { StatusDetails } from "../api-error.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import type { FieldError } from "../schema/rules.ts";
import type { Target } from "./api.ts";

/** `deployments.apps`, as messages name a resource. */
export function qualifiedResource({ plural, group }: ServedKind): string {
  return group === "" ? plural : `${plural}.${group}`;
}

function qualifiedKind({ kind, group }: ServedKind): string {
  return group === "" ? kind : `${kind}.${group}`;
}

export function detailsOf({ kind, name }: Pick<Target, "kind" | "name">): StatusDetails {
  return {
    ...(name === "" ? {} : { name }),
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.plural,
  };
}

export function notFound(target: Pick<Target, "kind" | "name">): ApiError {
  const message = `${qualifiedResource(target.kind)} ${JSON.stringify(target.name)} not found`;
  return new ApiError("NotFound", message, detailsOf(target));
}

export function alreadyExists(target: Pick<Target, "kind" | "name">, { metadata }: KubeObject): ApiError {
  const taken = `${qualifiedResource(target.kind)} ${JSON.stringify(target.name)} already exists`;
  const message = metadata.deletionTimestamp === undefined ? taken : `object is being deleted: ${taken}`;
  return new ApiError("AlreadyExists", message, detailsOf(target));
}

export function conflict(target: Pick<Target, "kind" | "name">, why: string): ApiError {
  const what = `${qualifiedResource(target.kind)} ${JSON.stringify(target.name)}`;
  return new ApiError("Conflict", `Operation cannot be fulfilled on ${what}: ${why}`, detailsOf(target));
}

/** A conflict that the API server words with the kind's name instead of the resource's. */
export function conflictOfKind({ kind, name }: Pick<Target, "kind" | "name">, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualifiedKind(kind)} ${JSON.stringify(name)}: ${why}`;
  return new ApiError("Conflict", message, { ...detailsOf({ kind, name }), kind: kind.kind });
}

/** An object without the name that the path has. */
export function unnamed(name: string): ApiError {
  return new ApiError(
    "BadRequest",
    `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
  );
}

/** A resourceVersion that is no number. */
export function unreadableRevision(text: string): ApiError {
  return new ApiError("Unknown", `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export const modified =
  "the object has been modified; please apply your changes to the latest version and try again";

export function forbidden(
  target: Pick<Target, "kind" | "name">,
  why: string,
  details: StatusDetails = {},
): ApiError {
  const what = `${qualifiedResource(target.kind)} ${JSON.stringify(target.name)}`;
  return new ApiError("Forbidden", `${what} is forbidden: ${why}`, { ...detailsOf(target), ...details });
}

export function invalid(kind: ServedKind, object: KubeObject, errors: readonly FieldError[]): ApiError {
  const name = object.metadata.name ?? object.metadata.generateName ?? "";
  const lines = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new ApiError("Invalid", `${qualifiedKind(kind)} ${JSON.stringify(name)} is invalid: ${text}`, {
    ...(name === "" ? {} : { name }),
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.kind,
    causes: errors.map(({ field, reason, message }) => ({ reason, message, field })),
  });
}
