import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../schema/rules.ts";
import { invalid, required } from "../schema/validate/field-errors.ts";
import { isDns1035Label } from "../schema/validate/names.ts";
import { validateSchema } from "./validate-schema.ts";

const columnTypes = ["boolean", "date", "integer", "number", "string"];

const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

/** What all versions have in common is told once, under the names that the API server keeps it under. */
export function validateVersions(versions: readonly JsonObject[]): readonly FieldError[] {
  const [first] = versions;
  const isCommon = (field: string): boolean =>
    versions.every((version) => jsonEqual(version[field], first?.[field]));
  const common = {
    schema: isCommon("schema"),
    subresources: isCommon("subresources"),
    columns: isCommon("additionalPrinterColumns"),
  };
  const errors = versions.flatMap((version, i) => {
    const path = `spec.versions[${i}]`;
    return [
      ...validateVersionName(version, path),
      ...(common.schema ? [] : validateVersionSchema(version, `${path}.schema`)),
      ...(common.subresources ? [] : validateScale(version, `${path}.subresources`)),
      ...(common.columns ? [] : validateColumns(version, `${path}.additionalPrinterColumns`)),
    ];
  });
  if (first === undefined) return errors;
  if (common.schema) errors.push(...validateVersionSchema(first, "spec.validation"));
  if (common.subresources) errors.push(...validateScale(first, "spec.subresources"));
  if (common.columns) errors.push(...validateColumns(first, "spec.additionalPrinterColumns"));
  const name = viewString(first, "name") ?? "";
  const wrong = isDns1035Label(name);
  return wrong.length === 0 || name === ""
    ? errors
    : [...errors, invalid("spec.version", name, wrong.join(","))];
}

function validateVersionName(version: JsonObject, path: string): readonly FieldError[] {
  const name = viewString(version, "name") ?? "";
  const wrong = isDns1035Label(name);
  const errors = wrong.length === 0 ? [] : [invalid(`${path}.name`, name, wrong.join(","))];
  const warning = version["deprecationWarning"];
  if (warning === undefined || version["deprecated"] === true) return errors;
  return [
    ...errors,
    invalid(`${path}.deprecationWarning`, warning, "can only be set for deprecated versions"),
  ];
}

function validateVersionSchema(version: JsonObject, path: string): readonly FieldError[] {
  const schema = viewObject(version, "schema")["openAPIV3Schema"];
  if (!isJsonObject(schema)) return [];
  const at = `${path}.openAPIV3Schema`;
  return [...validateStatusRoot(version, schema, at), ...validateSchema(schema, at)];
}

/** A status is a field of an object. */
function validateStatusRoot(version: JsonObject, schema: JsonObject, path: string): readonly FieldError[] {
  const type = viewString(schema, "type") ?? "";
  if (type === "" || type === "object" || viewObject(version, "subresources")["status"] === undefined)
    return [];
  const detail =
    'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
  return [invalid(`${path}.type`, type, detail)];
}

function validateColumns(version: JsonObject, path: string): readonly FieldError[] {
  return viewArray(version, "additionalPrinterColumns").flatMap((column, i) =>
    validateColumn(column, `${path}[${i}]`),
  );
}

function validateScale(version: JsonObject, path: string): readonly FieldError[] {
  const { scale } = viewObject(version, "subresources");
  if (!isJsonObject(scale)) return [];
  const within = (field: string, roots: readonly string[], detail: string): readonly FieldError[] => {
    const value = viewString(scale, field) ?? "";
    const at = `${path}.scale.${field}`;
    if (value === "") return field === "labelSelectorPath" ? [] : [required(at)];
    if (!value.startsWith(".")) return [invalid(at, value, "must be a simple json path starting with .")];
    return roots.some((root) => value.startsWith(root)) ? [] : [invalid(at, value, detail)];
  };
  return [
    ...within("specReplicasPath", [".spec."], "should be a json path under .spec"),
    ...within("statusReplicasPath", [".status."], "should be a json path under .status"),
    ...within(
      "labelSelectorPath",
      [".spec.", ".status."],
      "should be a json path under either .spec or .status",
    ),
  ];
}

function validateColumn(column: JsonValue, path: string): readonly FieldError[] {
  const [name = "", type = "", format = "", jsonPath = ""] = ["name", "type", "format", "jsonPath"].map(
    (field) => viewString(column, field),
  );
  const errors = name === "" ? [required(`${path}.name`)] : [];
  const types = `must be one of ${columnTypes.join(",")}`;
  if (type === "") errors.push(required(`${path}.type`, types));
  else if (!columnTypes.includes(type)) errors.push(invalid(`${path}.type`, type, types));
  if (format !== "" && !columnFormats.includes(format)) {
    errors.push(invalid(`${path}.format`, format, `must be one of ${columnFormats.join(",")}`));
  }
  if (jsonPath === "") errors.push(required(`${path}.JSONPath`));
  else if (!jsonPath.startsWith(".")) {
    errors.push(invalid(`${path}.JSONPath`, jsonPath, "must be a simple json path starting with ."));
  }
  return errors;
}
