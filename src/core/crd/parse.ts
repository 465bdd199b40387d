import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type {
  ArraySchema,
  ChoiceSchema,
  Infer,
  MapSchema,
  ObjectSchema,
  Schema,
  StringSchema,
} from "./schema.ts";

/** Something wrong with a field, in words that start with the field's path and end with the fix. */
export interface Problem {
  /** Such as `spec.sources[0].repoURL`. */
  readonly path: string;
  readonly message: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface ParseOptions {
  /** Where the value stands, for messages. */
  readonly path?: readonly string[];
  /** Messages never show a value, only its type. */
  readonly secret?: boolean;
}

/**
 * Checks a value against a schema. What is valid comes back as the same value, only without nulls (which count as
 * absent) and without words that a `choice` does not know. Fields that the schema does not name are kept.
 */
export function parseValue<S extends Schema>(
  schema: S,
  value: JsonValue,
  options: ParseOptions = {},
): Parsed<Infer<S>> {
  const visit: Visit = { path: [...(options.path ?? [])], problems: [], secret: options.secret ?? false };
  const parsed = parseAny(schema, value, visit);
  if (visit.problems.length > 0) return { ok: false, problems: visit.problems };
  return { ok: true, value: parsed as Infer<S> };
}

interface Visit {
  readonly path: (string | number)[];
  readonly problems: Problem[];
  readonly secret: boolean;
}

function parseAny(schema: Schema, value: JsonValue, visit: Visit): JsonValue | undefined {
  switch (schema.kind) {
    case "string":
      return parseString(schema, value, visit);
    case "choice":
      return parseChoice(schema, value, visit);
    case "boolean":
      return typeof value === "boolean" ? value : wrong(visit, value, "true or false");
    case "integer":
      return Number.isSafeInteger(value) ? value : wrong(visit, value, "a whole number");
    case "intOrString":
      if (typeof value === "string" || Number.isSafeInteger(value)) return value;
      return wrong(visit, value, "a whole number or a string");
    case "any":
      return schema.shape === undefined || isJsonObject(value) ? value : wrong(visit, value, "an object");
    case "array":
      return isJsonArray(value) ? parseItems(schema, value, visit) : wrong(visit, value, "a list");
    case "map":
    case "object":
      return isJsonObject(value) ? parseFields(schema, value, visit) : wrong(visit, value, "an object");
    default:
      throw new Error(`unhandled schema: ${JSON.stringify(schema satisfies never)}`);
  }
}

const rfc3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/u;

function parseString(schema: StringSchema, value: JsonValue, visit: Visit): JsonValue | undefined {
  if (typeof value !== "string") return wrong(visit, value, "a string");
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  if (value.length < minLength) return report(visit, "must not be empty; give it a value");
  if (value.length > maxLength) {
    return report(visit, `has ${value.length} characters; shorten it to at most ${maxLength}`);
  }
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) {
    return report(visit, `must match ${pattern}; change it`);
  }
  if (schema.format === "date-time" && !rfc3339.test(value)) {
    return report(visit, "must be a time; write it as 2026-11-23T20:30:12Z");
  }
  return value;
}

function parseChoice(schema: ChoiceSchema, value: JsonValue, visit: Visit): JsonValue | undefined {
  if (typeof value !== "string") return wrong(visit, value, `one of ${schema.values.join(", ")}`);
  return schema.values.includes(value) ? value : schema.otherwise;
}

function parseItems(schema: ArraySchema, list: JsonArray, visit: Visit): JsonArray {
  let changed = false;
  const items = list.flatMap((item, index) => {
    visit.path.push(index);
    const parsed =
      item === null ? wrong(visit, item, nounOf(schema.items)) : parseAny(schema.items, item, visit);
    visit.path.pop();
    changed ||= parsed !== item;
    return parsed === undefined ? [] : [parsed];
  });
  return changed ? items : list;
}

function parseFields(schema: ObjectSchema | MapSchema, object: JsonObject, visit: Visit): JsonObject {
  const changes: Record<string, JsonValue | undefined> = {};
  for (const [field, value] of Object.entries(object)) {
    const fieldSchema = schemaOf(schema, field);
    if (value === undefined || fieldSchema === undefined) continue;
    visit.path.push(field);
    const parsed = value === null ? undefined : parseAny(fieldSchema, value, visit);
    visit.path.pop();
    if (parsed !== value) changes[field] = parsed;
  }
  if (schema.kind === "object") reportMissing(schema, object, visit);
  return Object.keys(changes).length === 0 ? object : withChanges(object, changes);
}

function schemaOf(schema: ObjectSchema | MapSchema, field: string): Schema | undefined {
  if (schema.kind === "map") return schema.values;
  return Object.hasOwn(schema.fields, field) ? schema.fields[field] : undefined;
}

function reportMissing(schema: ObjectSchema, object: JsonObject, visit: Visit): void {
  for (const [field, fieldSchema] of Object.entries(schema.fields)) {
    if (fieldSchema.required !== true || (object[field] ?? null) !== null) continue;
    visit.path.push(field);
    report(visit, `is required; add ${nounOf(fieldSchema)}`);
    visit.path.pop();
  }
}

function withChanges(object: JsonObject, changes: JsonObject): JsonObject {
  const merged = Object.entries({ ...object, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged);
}

function report(visit: Visit, message: string): undefined {
  const path = formatPath(visit.path);
  visit.problems.push({ path, message: path === "" ? message : `${path} ${message}` });
}

/** The value itself is shown only where it cannot be a secret: numbers, booleans, and text that reads like one. */
function wrong(visit: Visit, value: JsonValue, want: string): undefined {
  if (visit.secret) return report(visit, `must be ${want}, found ${typeNameOf(value)}; write ${want}`);
  return report(visit, `must be ${want}, found ${describe(value)}; ${fixOf(value, want)}`);
}

function describe(value: JsonValue): string {
  if (typeof value === "string" && readsAsScalar(value)) return `the string "${value}"`;
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${String(value)}`;
  return typeNameOf(value);
}

function typeNameOf(value: JsonValue): string {
  if (value === null) return "null";
  if (isJsonArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function fixOf(value: JsonValue, want: string): string {
  if (want === "a string" && (typeof value === "number" || typeof value === "boolean")) {
    return `put it in quotes: "${String(value)}"`;
  }
  if (typeof value === "string" && readsAsScalar(value) && !want.startsWith("a list"))
    return "remove the quotes";
  return `write ${want}`;
}

function readsAsScalar(text: string): boolean {
  return text === "true" || text === "false" || /^-?\d{1,9}$/u.test(text);
}

function nounOf(schema: Schema): string {
  switch (schema.kind) {
    case "array":
      return "a list";
    case "boolean":
      return "true or false";
    case "integer":
      return "a whole number";
    case "map":
    case "object":
      return "an object";
    case "choice":
      return `one of ${schema.values.join(", ")}`;
    case "string":
    case "intOrString":
    case "any":
      return "a value";
    default:
      throw new Error(`unhandled schema: ${JSON.stringify(schema satisfies never)}`);
  }
}

function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]+$/u.test(step)) return `${text}["${step}"]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
