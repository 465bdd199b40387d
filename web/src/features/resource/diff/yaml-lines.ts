import type { Json, JsonObject } from "../manifest/json.ts";
import { isJsonArray, isJsonObject } from "../manifest/json.ts";

/** What names an object comes first, what it is like at the end last. */
const first = ["apiVersion", "kind", "metadata", "name", "namespace", "type"];
const last = ["status"];

/** The fields of several objects, each once, in the order in which they are written. */
export function orderedFields(objects: readonly JsonObject[]): readonly string[] {
  const fields = new Set(objects.flatMap((object) => Object.keys(object)));
  const rank = (field: string): number => {
    const at = first.indexOf(field);
    if (at !== -1) return at;
    return last.includes(field) ? first.length + 1 : first.length;
  };
  return [...fields].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** A text that is written over several lines. */
export function isBlock(value: Json | undefined): value is string {
  return typeof value === "string" && value.includes("\n");
}

/** A value as lines of YAML behind a name; the first line has no indent yet, the others stand below it. */
export function yamlLines(value: Json, name = ""): readonly string[] {
  const space = name === "" ? "" : " ";
  if (isBlock(value)) {
    const mark = value.endsWith("\n") ? "|" : "|-";
    return [
      `${name}${space}${mark}`,
      ...value
        .replace(/\n$/u, "")
        .split("\n")
        .map((line) => `  ${line}`),
    ];
  }
  if (isJsonObject(value)) {
    const fields = orderedFields([value]);
    if (fields.length === 0) return [`${name}${space}{}`];
    const lines = fields.flatMap((field) => yamlLines(value[field] ?? null, `${formatScalar(field)}:`));
    return name === "" ? lines : [name, ...lines.map((line) => `  ${line}`)];
  }
  if (isJsonArray(value)) {
    if (value.length === 0) return [`${name}${space}[]`];
    const lines = value.flatMap((item) =>
      yamlLines(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)),
    );
    return name === "" ? lines : [name, ...lines.map((line) => `  ${line}`)];
  }
  return [`${name}${space}${formatScalar(value)}`];
}

/** Texts that would be read as something else, or not at all, are quoted. */
export function formatScalar(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value);
  const isPlain =
    /^[\w/.+$(<>=~^]\P{Cc}*$/u.test(value) &&
    !/: |:$| #|\s$/u.test(value) &&
    !/^(?:true|false|yes|no|on|off|null|~|[-+.]?\d[\d_.:eE+-]*|0x[\da-f]+|0o[0-7]+|\.inf|\.nan|=|<<)$/iu.test(
      value,
    ) &&
    !/^(?:\d{4}-\d\d-\d\d)/u.test(value);
  return isPlain ? value : JSON.stringify(value);
}
