import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../schema/rules.ts";
import { invalid, notSupported, required } from "../schema/validate/field-errors.ts";
import { textOf } from "../schema/text-of.ts";

/** What is wrong with `x-kubernetes-list-type`, its keys, `x-kubernetes-map-type` and kept unknown fields. */
export function checkListSchema(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined"));
  }
  const mapType = viewString(schema, "x-kubernetes-map-type");
  if (mapType !== undefined) {
    errors.push(...mustHaveType(schema, path, ["object", "x-kubernetes-map-type"]));
    const supported = ["atomic", "granular"];
    if (!supported.includes(mapType))
      errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, supported));
  }
  const listType = viewString(schema, "x-kubernetes-list-type");
  if (listType !== undefined) {
    errors.push(...mustHaveType(schema, path, ["array", "x-kubernetes-list-type"]));
    const supported = ["atomic", "set", "map"];
    if (!supported.includes(listType))
      errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, supported));
  }
  if (listType === "set") errors.push(...checkSetItems(schema, path));
  return [...errors, ...checkListKeys(schema, path)];
}

function mustHaveType(
  schema: JsonObject,
  path: string,
  rule: readonly [type: string, keyword: string],
): readonly FieldError[] {
  const type = viewString(schema, "type") ?? "";
  if (type === rule[0]) return [];
  const detail = `must be ${rule[0]} if ${rule[1]} is specified`;
  return [type === "" ? required(`${path}.type`, detail) : invalid(`${path}.type`, type, detail)];
}

/** The items of a set are told apart by their whole value. */
function checkSetItems(schema: JsonObject, path: string): readonly FieldError[] {
  const items = viewObject(schema, "items");
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"] ?? "atomic";
  if (items["type"] === "array" && listType !== "atomic") {
    return [invalid(`${path}.items.x-kubernetes-list-type`, listType, detail)];
  }
  if (items["type"] === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    return [invalid(`${path}.items.x-kubernetes-map-type`, items["x-kubernetes-list-type"], detail)];
  }
  return [];
}

function checkListKeys(schema: JsonObject, path: string): readonly FieldError[] {
  const keys = viewArray(schema, "x-kubernetes-list-map-keys");
  const listType = viewString(schema, "x-kubernetes-list-type");
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length > 0 && listType !== "map") {
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    const at = `${path}.x-kubernetes-list-type`;
    return [listType === undefined ? required(at, detail) : invalid(at, listType, detail)];
  }
  if (listType !== "map") return [];
  const errors =
    keys.length > 0 ? [] : [required(keysPath, "must not be empty if x-kubernetes-list-type is map")];
  const { items } = schema;
  if (!isJsonObject(items))
    return [...errors, required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map")];
  if (items["type"] !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    return [...errors, invalid(`${path}.items.type`, items["type"] ?? "", detail)];
  }
  return [
    ...errors,
    ...keys.flatMap((key, i) => checkListKey({ schema, items, path }, textOf(key), keys.indexOf(key) < i)),
  ];
}

interface KeyedList {
  readonly schema: JsonObject;
  readonly items: JsonObject;
  readonly path: string;
}

function checkListKey(
  { schema, items, path }: KeyedList,
  key: string,
  isRepeated: boolean,
): readonly FieldError[] {
  const keys = viewArray(schema, "x-kubernetes-list-map-keys");
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  const property = viewObject(items, "properties")[key];
  const errors = isRepeated ? [invalid(keysPath, keys, "must not contain duplicate entries")] : [];
  if (!isJsonObject(property))
    return [...errors, invalid(keysPath, keys, "entries must all be names of item properties")];
  const at = `${path}.items.properties[${key}]`;
  if (property["type"] === "array" || property["type"] === "object") {
    errors.push(
      invalid(
        `${at}.type`,
        items["type"],
        "must be a scalar type if parent array's x-kubernetes-list-type is map",
      ),
    );
  }
  const isCertain = property["default"] !== undefined || viewArray(items, "required").includes(key);
  if (!isCertain) {
    const detail = `this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`;
    errors.push(required(`${at}.default`, detail));
  }
  return errors;
}
