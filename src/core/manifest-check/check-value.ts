import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** A schema of OpenAPI v3, as API servers publish it and CustomResourceDefinitions hold it. */
export type Schema = JsonObject;

export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface SchemaCheck {
  /** What `$ref` names; undefined where there is nothing of that name. */
  readonly find: (reference: string) => Schema | undefined;
}

type Path = FieldProblem["path"];

interface At {
  readonly path: Path;
  readonly check: SchemaCheck;
  readonly problems: FieldProblem[];
}

/** More of one object say nothing new. */
const maxProblems = 100;
const maxDepth = 100;

/** Everything in a value that its schema does not take. */
export function checkValue(value: JsonValue, schema: Schema, check: SchemaCheck): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  visit(value, schema, { path: [], check, problems });
  return problems.slice(0, maxProblems);
}

function visit(value: JsonValue | null, given: Schema, at: At): void {
  // A null is as good as nothing.
  if (value === null || at.problems.length >= maxProblems || at.path.length > maxDepth) return;
  const schema = resolved(given, at.check);
  const expected = typesOf(schema);
  if (expected.length > 0 && !expected.some((type) => isOf(type, value))) {
    const fix = `write ${expected.map(withArticle).join(" or ")}`;
    at.problems.push({ path: at.path, message: `is ${withArticle(typeOf(value))}; ${fix}` });
    return;
  }
  checkScalar(value, schema, at);
  if (isJsonObject(value)) visitObject(value, schema, at);
  if (isJsonArray(value)) {
    const { items } = schema;
    if (isJsonObject(items)) value.forEach((item, i) => visit(item, items, below(at, i)));
  }
}

/** `allOf` with one reference is how a reference gets a description of its own. */
function resolved(schema: Schema, check: SchemaCheck): Schema {
  const { $ref, allOf } = schema;
  if (typeof $ref === "string") {
    const found = check.find($ref);
    return found === undefined ? {} : resolved(found, check);
  }
  const [only] = isJsonArray(allOf) ? allOf : [];
  const wraps = schema["properties"] === undefined && schema["type"] === undefined;
  return wraps && isJsonObject(only) && typeof only["$ref"] === "string" ? resolved(only, check) : schema;
}

type TypeName = "string" | "integer" | "number" | "boolean" | "array" | "object";

function typesOf(schema: Schema): readonly TypeName[] {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string")
    return ["integer", "string"];
  const { type, oneOf } = schema;
  if (isTypeName(type)) return [type];
  if (!isJsonArray(oneOf)) return [];
  const types = oneOf.map((one) => (isJsonObject(one) ? one["type"] : undefined));
  return types.every(isTypeName) ? types : [];
}

const typeNames: readonly string[] = ["string", "integer", "number", "boolean", "array", "object"];

function isTypeName(name: JsonValue | undefined): name is TypeName {
  return typeof name === "string" && typeNames.includes(name);
}

function typeOf(value: JsonValue): TypeName {
  if (isJsonArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "string" || typeof value === "boolean"
    ? (typeof value as "string" | "boolean")
    : "object";
}

function isOf(type: TypeName, value: JsonValue): boolean {
  const actual = typeOf(value);
  return actual === type || (type === "number" && actual === "integer");
}

function withArticle(type: TypeName): string {
  const words = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
  } as const;
  return type === "array" ? "a list" : type === "object" ? "a map" : words[type];
}

function checkScalar(value: JsonValue, schema: Schema, at: At): void {
  const { enum: allowed, minimum, maximum } = schema;
  const say = (message: string) => at.problems.push({ path: at.path, message });
  if (isJsonArray(allowed) && !isJsonObject(value) && !isJsonArray(value) && !allowed.includes(value))
    say(`is none of ${allowed.map((one) => JSON.stringify(one)).join(", ")}; write one of them`);
  if (typeof value !== "number") return;
  if (typeof minimum === "number" && value < minimum) say(`is less than ${minimum}; write at least that`);
  if (typeof maximum === "number" && value > maximum) say(`is more than ${maximum}; write at most that`);
}

function visitObject(value: JsonObject, schema: Schema, at: At): void {
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : undefined;
  const { additionalProperties, required } = schema;
  const isOpen =
    schema["x-kubernetes-preserve-unknown-fields"] === true ||
    (additionalProperties !== undefined && additionalProperties !== false);
  for (const [name, field] of Object.entries(value)) {
    const known = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (field === undefined) continue;
    if (at.problems.length >= maxProblems) return;
    if (isJsonObject(known)) visit(field, known, below(at, name));
    else if (isJsonObject(additionalProperties)) visit(field, additionalProperties, below(at, name));
    else if (properties !== undefined && !isOpen && !(embedded && isOfEveryObject(name)))
      at.problems.push({ path: [...at.path, name], message: unknownField(name, Object.keys(properties)) });
  }
  for (const name of isJsonArray(required) ? required : []) {
    if (typeof name !== "string") continue;
    const has = Object.hasOwn(value, name) && value[name] !== null;
    if (!has) at.problems.push({ path: [...at.path, name], message: "is missing; it is required" });
  }
}

function isOfEveryObject(name: string): boolean {
  return name === "apiVersion" || name === "kind" || name === "metadata";
}

function unknownField(name: string, known: readonly string[]): string {
  const near =
    known.find((one) => one.toLowerCase() === name.toLowerCase().trim()) ??
    known.find((one) => isNear(one, name));
  return near === undefined
    ? "is no field of this kind; remove it"
    : `is no field of this kind; did you mean ${near}?`;
}

/** One letter more, less or other, or two swapped. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || other.length < 4) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end))
    end += 1;
  const [a, b] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b === `${a[1]}${a[0]}`);
}

function below(at: At, step: string | number): At {
  return { ...at, path: [...at.path, step] };
}
