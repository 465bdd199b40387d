import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewPath } from "#core/object/index.ts";

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return isJsonArray(value) ? "a list" : typeof value;
}

function invalid(field: string, wanted: string, value: JsonValue | undefined): MooringError {
  return new MooringError(
    "API_INVALID_ARGUMENT",
    `webhook payload: ${field} must be ${wanted} and is ${kindOf(value)}; send the event as the sender's documentation has it`,
  );
}

const valueAt = (from: JsonObject, field: string): JsonValue | undefined =>
  viewPath(from, ...field.split("."));

/** Longer names than any forge permits. */
const maxTextLength = 2_048;
/** More branches and tags than anybody pushes at once. */
const maxItems = 20_000;

/** The text of a field such as `repository.clone_url`; undefined when it is missing, null or empty. Throws API_INVALID_ARGUMENT. */
export function optionalText(from: JsonObject, field: string): string | undefined {
  const value = valueAt(from, field);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw invalid(field, "a text", value);
  if (value.length > maxTextLength) throw invalid(field, `a text of at most ${maxTextLength} letters`, value);
  return value;
}

/** The same of a field that must be there. */
export function requiredText(from: JsonObject, field: string): string {
  const text = optionalText(from, field);
  if (text === undefined) throw invalid(field, "a text", valueAt(from, field));
  return text;
}

/** A field that is an object. Throws API_INVALID_ARGUMENT. */
export function requiredObject(from: JsonObject, field: string): JsonObject {
  const value = valueAt(from, field);
  if (!isJsonObject(value)) throw invalid(field, "an object", value);
  return value;
}

/** A field that is an object, or missing or null. Throws API_INVALID_ARGUMENT. */
export function optionalObject(from: JsonObject, field: string): JsonObject | undefined {
  const value = valueAt(from, field);
  return value === undefined || value === null ? undefined : requiredObject(from, field);
}

/** A field that is a list of objects, of which there are no more than `most`. Throws API_INVALID_ARGUMENT. */
export function requiredObjects(from: JsonObject, field: string, most = maxItems): readonly JsonObject[] {
  const value = valueAt(from, field);
  if (!isJsonArray(value)) throw invalid(field, "a list", value);
  if (value.length > most) throw invalid(field, `a list of at most ${most}`, value);
  return value.map((one, at) => {
    if (!isJsonObject(one)) throw invalid(`${field}[${at}]`, "an object", one);
    return one;
  });
}

/** Those of these fields that are there, of which one must be. Throws API_INVALID_ARGUMENT. */
export function someTexts(from: JsonObject, fields: readonly string[]): readonly string[] {
  const texts = fields.flatMap((field) => optionalText(from, field) ?? []);
  if (texts.length > 0) return texts;
  throw invalid(fields.join(" or "), "a text", undefined);
}
