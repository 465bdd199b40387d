import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** Signature by field path of Argo CD's own definitions; see the README beside the fixture. */
const fixture = new URL("../fixtures/argocd/crd-fields.json.gz", import.meta.url);
const definitions = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

/** Paths of an Application's content that Argo CD's definition does not have, or has with another type or without a required field. */
export function foreignFields(application: JsonValue): readonly string[] {
  const fields = definitions["applications"] ?? {};
  return [...foreignBelow("", application, fields)];
}

function* foreignBelow(
  path: string,
  value: JsonValue,
  fields: Readonly<Record<string, string>>,
): Generator<string> {
  const signature = fields[path];
  if (signature === undefined) {
    yield path;
    return;
  }
  if (!hasType(value, signature)) yield `${path} is no ${signature}`;
  if (isJsonArray(value)) {
    for (const item of value) yield* foreignBelow(`${path}[]`, item, fields);
  } else if (isJsonObject(value) && path !== ".metadata") {
    yield* missingOf(path, value, signature);
    for (const [name, field] of Object.entries(value)) {
      const below = `${path}.${name}` in fields ? `${path}.${name}` : `${path}{}`;
      if (field !== undefined)
        yield* foreignBelow(below in fields ? below : `${path}.${name}`, field, fields);
    }
  }
}

function* missingOf(path: string, value: object, signature: string): Generator<string> {
  const required = JSON.parse(/required=(\[[^\]]*\])/u.exec(signature)?.[1] ?? "[]") as string[];
  for (const name of required) if (!(name in value)) yield `${path}.${name} is missing`;
}

function hasType(value: JsonValue, signature: string): boolean {
  const [type, format] = signature.split(" ");
  if (type === "array") return isJsonArray(value);
  if (type === "object") return isJsonObject(value);
  if (type === "integer") return Number.isInteger(value);
  if (format === "date-time") return typeof value === "string" && !Number.isNaN(Date.parse(value));
  return type === "-" || type === typeof value;
}
