import type { JsonObject, JsonValue } from "#core/object/index.ts";
import {
  isJsonArray,
  isJsonObject,
  jsonEqual,
  viewArray,
  viewObject,
  viewString,
} from "#core/object/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { FieldError } from "../schema/rules.ts";
import { forbidden, invalid, notSupported, required } from "../schema/validate/field-errors.ts";
import { checkDefaults } from "./validate-defaults.ts";
import { checkListSchema } from "./validate-list-schema.ts";
import { checkRuleTexts } from "./validate-rules.ts";
import { childrenOf } from "./schema-children.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];
const intOrString: JsonValue = [{ type: "integer" }, { type: "string" }];

type Level = "root" | "item" | "field";

const missingType: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** What keeps a custom kind's schema from being structural, in the API server's order of kinds of errors. */
export function validateSchema(schema: JsonObject, path: string): readonly FieldError[] {
  const structural = checkStructure(schema, { path, level: "root" });
  const sorted = structural.toSorted((a, b) => (a.field + a.message < b.field + b.message ? -1 : 1));
  const nullable =
    schema["nullable"] === true ? [forbidden(`${path}.nullable`, "nullable cannot be true at the root")] : [];
  const errors = [...nullable, ...sorted, ...checkKeywords(schema, path)];
  // What defaults and rules are worth can only be told of a schema that is right.
  return errors.length > 0 ? errors : [...checkDefaults(schema, path), ...checkRuleTexts(schema, path)];
}

interface Place {
  readonly path: string;
  readonly level: Level;
}

function checkStructure(schema: JsonObject, { path, level }: Place): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { items, additionalProperties } = schema;
  if (schema["type"] === "array" && items === undefined)
    errors.push(required(`${path}.items`, "must be specified"));
  if (isJsonObject(items)) errors.push(...checkStructure(items, { path: `${path}.items`, level: "item" }));
  for (const [name, property] of Object.entries(viewObject(schema, "properties"))) {
    const at = { path: `${path}.properties[${name}]`, level: "field" } as const;
    if (isJsonObject(property)) errors.push(...checkStructure(property, at));
  }
  if (additionalProperties !== undefined && level === "root") {
    errors.push(forbidden(`${path}.additionalProperties`, "must not be used at the root"));
  }
  if (isJsonObject(additionalProperties)) {
    errors.push(
      ...checkStructure(additionalProperties, { path: `${path}.additionalProperties`, level: "field" }),
    );
  }
  return [
    ...errors,
    ...checkType(schema, { path, level }),
    ...checkExtensions(schema, path),
    ...checkValidations(schema, path),
  ];
}

function checkType(schema: JsonObject, { path, level }: Place): readonly FieldError[] {
  const type = viewString(schema, "type") ?? "";
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const isOpen =
    schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  const mustBeObject = "must be object if x-kubernetes-embedded-resource is true";
  if (isEmbedded && type !== "object") {
    return [
      type === "" ? required(`${path}.type`, mustBeObject) : invalid(`${path}.type`, type, mustBeObject),
    ];
  }
  if (type === "" && !isOpen) return [required(`${path}.type`, missingType[level])];
  if (level === "root" && type !== "" && type !== "object")
    return [invalid(`${path}.type`, type, "must be object at the root")];
  return level === "root" ? checkMetadata(schema, path) : [];
}

/** A schema may only restrict the names in an object's metadata. */
function checkMetadata(schema: JsonObject, path: string): readonly FieldError[] {
  const metadata = viewObject(schema, "properties")["metadata"];
  if (!isJsonObject(metadata)) return [];
  const others = Object.keys(viewObject(metadata, "properties")).filter(
    (name) => name !== "name" && name !== "generateName",
  );
  const keywords = Object.keys(metadata).filter((name) => !["type", "properties", "default"].includes(name));
  if (others.length === 0 && keywords.length === 0) return [];
  const detail =
    "must not specify anything other than name and generateName, but metadata is implicitly specified";
  return [forbidden(`${path}.properties[metadata]`, detail)];
}

function checkExtensions(schema: JsonObject, path: string): readonly FieldError[] {
  if (schema["x-kubernetes-int-or-string"] !== true) return [];
  return ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"].flatMap((name) =>
    schema[name] === true
      ? [invalid(`${path}.${name}`, true, "must be false if x-kubernetes-int-or-string is true")]
      : [],
  );
}

/** What stands inside `allOf` and the like may validate values and must not say what they are. */
function checkValidations(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const keyword of ["anyOf", "allOf", "oneOf"]) {
    if (keyword === "anyOf" && jsonEqual(schema["anyOf"], intOrString)) continue;
    for (const [i, nested] of viewArray(schema, keyword).entries()) {
      const isExempt = keyword === "allOf" && i === 0 && jsonEqual(viewObject(nested)["anyOf"], intOrString);
      if (isJsonObject(nested) && !isExempt) errors.push(...checkNested(nested, `${path}.${keyword}[${i}]`));
    }
  }
  if (isJsonObject(schema["not"])) errors.push(...checkNested(schema["not"], `${path}.not`));
  const pattern = viewString(schema, "pattern") ?? "";
  const compiled = pattern === "" ? undefined : compilePattern(pattern);
  if (compiled instanceof Error) {
    const detail = `must be a valid regular expression, but isn't: ${compiled.message}`;
    errors.push(invalid(`${path}.pattern`, pattern, detail));
  }
  return errors;
}

const forbiddenWithin: readonly (readonly [string, string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

function checkNested(schema: JsonObject, path: string): readonly FieldError[] {
  const errors = [...checkValidations(schema, path)];
  const { items } = schema;
  if (isJsonObject(items)) errors.push(...checkNested(items, `${path}.items`));
  for (const [name, property] of Object.entries(viewObject(schema, "properties"))) {
    const at = `${path}.properties[${name}]`;
    if (isJsonObject(property)) errors.push(...checkNested(property, at));
    if (name === "metadata") errors.push(forbidden(at, "must not be specified in a nested context"));
  }
  for (const [name, detail] of forbiddenWithin) {
    const value = schema[name];
    const isUnset =
      value === undefined || value === "" || value === false || (isJsonArray(value) && value.length === 0);
    if (!isUnset) errors.push(forbidden(`${path}.${name}`, detail));
  }
  return errors;
}

/** Keywords that are not supported or exclude each other, everywhere in the schema. */
function checkKeywords(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const type = viewString(schema, "type") ?? "";
  if (type !== "" && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  for (const name of ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"]) {
    if (schema[name] !== undefined) errors.push(forbidden(`${path}.${name}`, `${name} is not supported`));
  }
  if (type === "null") {
    errors.push(forbidden(`${path}.type`, "type cannot be set to null, use nullable as an alternative"));
  }
  if (isJsonArray(schema["items"])) {
    errors.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
  }
  if (schema["uniqueItems"] === true) {
    const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbidden(`${path}.uniqueItems`, detail));
  }
  const hasProperties = Object.keys(viewObject(schema, "properties")).length > 0;
  if (
    hasProperties &&
    schema["additionalProperties"] !== undefined &&
    schema["additionalProperties"] !== true
  ) {
    const detail = "additionalProperties and properties are mutual exclusive";
    errors.push(forbidden(`${path}.additionalProperties`, detail));
  }
  return [
    ...errors,
    ...checkListSchema(schema, path),
    ...childrenOf(schema, path).flatMap(([at, child]) => checkKeywords(child, at)),
  ];
}
