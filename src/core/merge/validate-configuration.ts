import { itemElement, printElement } from "./path.ts";
import type { FieldSchema, ScalarType } from "./schema.ts";
import { itemSchema } from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

interface Place {
  readonly schema: FieldSchema;
  /** As the API server prints it; its messages are grown from the inside, ours from the outside. */
  readonly path: string;
}

/** What is wrong with an applied configuration by its schema, each with its path, in the API server's words. */
export function validateConfiguration(schema: FieldSchema, configuration: JsonValue): readonly string[] {
  const problems: string[] = [];
  validate({ schema, path: "" }, configuration, problems);
  return problems;
}

/** All problems in one message. */
export function formatProblems(problems: readonly string[]): string {
  return problems.length === 1
    ? (problems[0] ?? "")
    : ["errors:", ...problems.map((text) => `  ${text}`)].join("\n");
}

function validate(place: Place, value: JsonValue, problems: string[]): void {
  if (value === null) return;
  switch (place.schema.type) {
    case "map":
      if (isJsonObject(value)) return validateFields(place, value, problems);
      return report(place, `expected map, got &{${goValue(value)}}`, problems);
    case "list":
      if (isJsonArray(value)) return validateItems(place, value, problems);
      return report(place, `expected list, got &{${goValue(value)}}`, problems);
    case "scalar": {
      const wrong = scalarProblem(place.schema.scalar, value);
      return wrong === undefined ? undefined : report(place, wrong, problems);
    }
    case "untyped":
      if (isJsonObject(value)) return validateFields(place, value, problems);
  }
}

function report({ path }: Place, message: string, problems: string[]): void {
  problems.push(path === "" ? message : `${path}: ${message}`);
}

function validateFields({ schema, path }: Place, map: JsonObject, problems: string[]): void {
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const below = { schema: schema.field(name), path: `${path}.${name}` };
    const { schema: child } = below;
    // The API server does not look at what comes after an unknown field; which that is, is its map's chance.
    if (child === undefined)
      return report({ schema, path: below.path }, "field not declared in schema", problems);
    validate({ schema: child, path: below.path }, value, problems);
  }
}

function validateItems(place: Place, items: JsonArray, problems: string[]): void {
  const { schema, path } = place;
  const hasKeys = schema.listType === "map" || schema.listType === "set";
  const seen = new Set<string>();
  for (const [i, item] of items.entries()) {
    const element = hasKeys ? itemElement(schema, item) : `i:${i}`;
    if (element === undefined) return report(place, `element ${i}: ${keyProblem(schema, item)}`, problems);
    if (seen.has(element)) report(place, `duplicate entries for key ${printElement(element)}`, problems);
    seen.add(element);
    validate({ schema: itemSchema(schema), path: `${path}${printElement(element)}` }, item, problems);
  }
}

function keyProblem({ listType, listKeys = [] }: FieldSchema, item: JsonValue): string {
  if (listType === "set") {
    if (item === null) return "associative list without keys has an element that's an explicit null";
    return isJsonArray(item)
      ? "not supported: associative list with lists as elements"
      : "associative list without keys has an element that's a map type";
  }
  if (item === null) return "associative list with keys may not have a null element";
  if (!isJsonObject(item)) return "associative list with keys may not have non-map elements";
  const keys = listKeys.map((key) => JSON.stringify(key)).join(" ");
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

function scalarProblem(type: ScalarType | undefined, value: JsonValue): string | undefined {
  switch (type) {
    case "numeric":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case "string":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got &{${goValue(value)}}`;
    case undefined:
      return typeof value === "object" ? `expected any scalar, got &{${goValue(value)}}` : undefined;
  }
}

function goType(value: JsonValue): string {
  if (isJsonArray(value)) return "[]interface {}";
  if (isJsonObject(value)) return "map[string]interface {}";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** As Go prints a value for people. */
function goValue(value: JsonValue): string {
  if (value === null) return "<nil>";
  if (isJsonArray(value)) return `[${value.map((item) => goValue(item)).join(" ")}]`;
  if (!isJsonObject(value)) return String(value);
  return `map[${sortedFields(value)
    .map(([name, field]) => `${name}:${goValue(field)}`)
    .join(" ")}]`;
}

/** As Go prints a value for programmers. */
function goSyntax(value: JsonValue): string {
  if (value === null) return "interface {}(nil)";
  if (isJsonArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item)).join(", ")}}`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `map[string]interface {}{${sortedFields(value)
    .map(([name, field]) => `${JSON.stringify(name)}:${goSyntax(field)}`)
    .join(", ")}}`;
}

function sortedFields(map: JsonObject): readonly (readonly [string, JsonValue])[] {
  return Object.entries(map)
    .map(([name, value]) => [name, value ?? null] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
