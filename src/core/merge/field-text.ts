import type { FieldPath, PathElement } from "./path.ts";
import type { JsonValue } from "#core/object/index.ts";

const scalar = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\],"]+)`;
const step = new RegExp(
  [
    String.raw`\.?(?<field>[\w$-]+)`,
    String.raw`\[(?<index>\d+)\]`,
    String.raw`\[=(?<item>${scalar})\]`,
    String.raw`\[(?<quoted>"(?:[^"\\]|\\.)*")\]`,
    String.raw`\[(?<keys>\w+=${scalar}(?:,\w+=${scalar})*)\]`,
  ].join("|"),
  "uy",
);
const keyPair = new RegExp(String.raw`(?<name>\w+)=(?<value>${scalar})`, "gu");

/** The path that `formatFieldPath` wrote; undefined for a text that it did not write. */
export function parseFieldText(text: string): FieldPath | undefined {
  const path: PathElement[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < text.length) {
    const groups = step.exec(text)?.groups;
    if (groups === undefined) return undefined;
    path.push(elementOf(groups));
  }
  return path;
}

function elementOf({ field, index, item, quoted, keys = "" }: Partial<Record<string, string>>): PathElement {
  if (field !== undefined) return `f:${field}`;
  if (index !== undefined) return `i:${index}`;
  if (item !== undefined) return `v:${item}`;
  if (quoted !== undefined) return `f:${JSON.parse(quoted) as string}`;
  const pairs = Array.from(keys.matchAll(keyPair), ({ groups = {} }) => [
    groups["name"] ?? "",
    JSON.parse(groups["value"] ?? "null") as JsonValue,
  ]);
  return `k:${JSON.stringify(Object.fromEntries(pairs) as unknown)}`;
}
