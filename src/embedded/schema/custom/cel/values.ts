import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewString } from "#core/object/index.ts";
import { parseGoDuration } from "../../types/time.ts";
import type { Structural } from "../structural.ts";
import { ruleExpressions } from "./rule-expressions.ts";

const reserved: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** A JSON value as expressions see it: with the types of its schema, and fields under names that expressions can write. */
export function celValue(schema: Structural | undefined, value: JsonValue): unknown {
  if (value === null) return null;
  if (isJsonArray(value)) return value.map((item) => celValue(schema?.items, item));
  if (isJsonObject(value)) return celFields(schema, value);
  if (typeof value === "number")
    return schema?.type === "number" || !Number.isInteger(value) ? value : BigInt(value);
  return typeof value === "string" && schema?.type === "string" ? celText(schema, value) : value;
}

function celFields(
  schema: Structural | undefined,
  object: { readonly [field: string]: JsonValue | undefined },
): unknown {
  const isMap = schema?.additional !== undefined;
  const entries = Object.entries(object).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const child = schema?.properties.get(name) ?? schema?.additional?.schema;
    const seen = celValue(child, value);
    const escaped = isMap ? name : escapeField(name);
    // Words of the language may be written either way.
    return reserved.has(name) && !isMap
      ? [[escaped, seen] as const, [name, seen] as const]
      : [[escaped, seen] as const];
  });
  return new Map(entries);
}

function celText(schema: Structural, text: string): unknown {
  switch (viewString(schema.schema, "format") ?? "") {
    case "date-time":
    case "date":
      return Number.isNaN(Date.parse(text)) ? text : new Date(text);
    case "duration":
      return celDuration(text);
    case "byte":
      return new Uint8Array(Buffer.from(text, "base64"));
    default:
      return text;
  }
}

/** Only the library itself makes its durations; a text that is none stays a text. */
function celDuration(text: string): unknown {
  const compiled = ruleExpressions.compile("duration(text)");
  if (compiled instanceof Error || parseGoDuration(text) === undefined) return text;
  return compiled({ text });
}

function escapeField(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}
