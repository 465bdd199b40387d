import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { typeInvalid } from "../validate/field-errors.ts";
import { bodyOf, type Located } from "./located.ts";

/** Whether the value is of the schema's type; a whole number is an integer and a number. */
export function checkType(schema: JsonObject, { path, value }: Located): readonly FieldError[] {
  const isEither = schema["x-kubernetes-int-or-string"] === true;
  const type = isEither ? "integer,string" : (viewString(schema, "type") ?? "");
  if (type === "") return [];
  const actual = typeOf(value);
  if (value === null) return schema["nullable"] === true ? [] : [wrongType(path, type, actual)];
  if (type.split(",").includes(actual) || (actual === "integer" && type === "number")) return [];
  const format = viewString(schema, "format");
  // Where there is a format the validator tells of it, and of what Go has read in its place.
  if (format === undefined || isEither) return [wrongType(path, type, actual)];
  if (actual === "string" || actual === "array")
    return type === "string" ? [] : [wrongType(path, type, actual)];
  return [wrongType(path, format, goFormats[actual] ?? "")];
}

const goFormats: Readonly<Record<string, string>> = { number: "float64", integer: "int64" };

function wrongType(path: string, type: string, actual: string): FieldError {
  return typeInvalid(path, actual, `${bodyOf(path)} must be of type ${type}: ${JSON.stringify(actual)}`);
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (isJsonArray(value)) return "array";
  if (isJsonObject(value)) return "object";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}
