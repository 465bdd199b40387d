import type { ServedKind } from "../../kinds/served-kind.ts";
import { ApiError } from "../../api-error.ts";

/** A value that Go could not read into the field's type; the words are those of Go's decoder. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** Where a value is, in the two notations that the messages use. */
export interface Place {
  /** From the object's root with indexes, empty for the object itself: `spec.containers[0].image`. */
  readonly path: string;
  /** The Go struct that holds the field, and the field's path without indexes. */
  readonly struct: string;
  readonly goPath: string;
}

export const root: Place = { path: "", struct: "", goPath: "" };

export function fieldPlace(parent: Place, name: string, struct: string): Place {
  return {
    path: parent.path === "" ? name : `${parent.path}.${name}`,
    struct,
    goPath: parent.goPath === "" ? name : `${parent.goPath}.${name}`,
  };
}

export function cannotUnmarshal(what: string, at: Place, goType: string): DecodeError {
  const into = at.struct === "" ? "Go value" : `Go struct field ${at.struct}.${at.goPath}`;
  return new DecodeError(`json: cannot unmarshal ${what} into ${into} of type ${goType}`);
}

/** The answer to a body that could not be read as an object of the kind. */
export function refusedBody(kind: ServedKind, error: DecodeError): ApiError {
  const message = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${error.message}`;
  return new ApiError("BadRequest", message);
}

/** What Go calls a JSON value in its messages. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value;
}
