import type { FieldSet } from "./field-set.ts";
import { formatFieldsV1, parseFieldsV1 } from "./managed-fields.ts";
import { parsePathElement } from "./path.ts";
import { RecentResults } from "./recent-results.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** A set takes as much memory as a small object: those of what is being written are kept, not those of a whole cluster. */
const maxKept = 5_000;

/** What was read from a `fieldsV1` is the same when it is read again: neither ever changes. */
const read = new RecentResults<JsonObject, FieldSet>(maxKept);

/** How the fields of stored entries are printed, so that those that stay as they are need not be printed again. */
const printed = new WeakMap<FieldSet, JsonObject>();

/** The fields of an entry; undefined when the API server would refuse to read them. */
export function decodeFields(fieldsV1: JsonValue): FieldSet | undefined {
  if (!isJsonObject(fieldsV1)) return undefined;
  let fields = read.get(fieldsV1);
  if (fields !== undefined) return fields;
  if (!isFieldsV1(fieldsV1)) return undefined;
  fields = parseFieldsV1(fieldsV1);
  read.set(fieldsV1, fields);
  return fields;
}

/** The same for an entry of a stored object, which is printed as it is stored. */
export function decodeStoredFields(fieldsV1: JsonValue): FieldSet | undefined {
  const fields = decodeFields(fieldsV1);
  if (fields !== undefined && isJsonObject(fieldsV1)) printed.set(fields, fieldsV1);
  return fields;
}

export function encodeFields(fields: FieldSet): JsonObject {
  return printed.get(fields) ?? formatFieldsV1(fields);
}

/** Steps of a kind that a later version may know are skipped; others have to be right. */
function isFieldsV1(value: JsonValue): value is JsonObject {
  if (!isJsonObject(value)) return false;
  return Object.entries(value).every(
    ([step, below]) => below !== undefined && isStep(step) && isFieldsV1(below),
  );
}

function isStep(step: string): boolean {
  if (step.startsWith("f:") || step === ".") return true;
  return /^[kvi]:/.test(step) ? parsePathElement(step) !== undefined : step.charAt(1) === ":";
}
