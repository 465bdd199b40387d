import { isLiteral, printScalar } from "./yaml-scalar.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** One line of printed YAML, with the field path it belongs to, for the headers of hunks. */
export interface YamlLine {
  readonly text: string;
  readonly path: string;
}

/** First at the top level and inside every object that has them; the rest follows in alphabetical order. */
const FIRST: readonly string[] = ["apiVersion", "kind", "metadata", "spec"];

interface Cursor {
  readonly indent: string;
  readonly path: string;
}

/** Prints a value as block-style YAML that reads back as the same value; the same value always gives the same lines. */
export function printYamlLines(value: JsonValue): readonly YamlLine[] {
  const lines: YamlLine[] = [];
  printNode(lines, value, { indent: "", path: "" });
  return lines;
}

export function printYaml(value: JsonValue): string {
  return printYamlLines(value)
    .map(({ text }) => `${text}\n`)
    .join("");
}

function printNode(lines: YamlLine[], value: JsonValue, cursor: Cursor): void {
  if (isJsonObject(value) && fieldsOf(value).length > 0) printFields(lines, value, cursor);
  else if (isJsonArray(value) && value.length > 0) printItems(lines, value, cursor);
  else lines.push({ text: `${cursor.indent}${printInline(value)}`, path: cursor.path });
}

function printFields(lines: YamlLine[], map: JsonObject, cursor: Cursor): void {
  for (const name of fieldsOf(map)) {
    const value = map[name] ?? null;
    const path = cursor.path === "" ? name : `${cursor.path}.${name}`;
    printEntry(lines, value, { lead: `${cursor.indent}${printScalar(name)}:`, indent: cursor.indent, path });
  }
}

interface Entry extends Cursor {
  /** What stands before the value on its first line. */
  readonly lead: string;
}

function printEntry(lines: YamlLine[], value: JsonValue, { lead, indent, path }: Entry): void {
  if (typeof value === "string" && isLiteral(value))
    return printLiteral(lines, value, { lead, indent: `${indent}  `, path });
  if (isJsonObject(value) && fieldsOf(value).length > 0) {
    lines.push({ text: lead, path });
    return printFields(lines, value, { indent: `${indent}  `, path });
  }
  if (isJsonArray(value) && value.length > 0) {
    lines.push({ text: lead, path });
    return printItems(lines, value, { indent, path });
  }
  lines.push({ text: `${lead} ${printInline(value)}`, path });
}

/** An item's first field stands behind its dash. */
function printItems(lines: YamlLine[], items: JsonArray, { indent, path }: Cursor): void {
  for (const item of items) {
    const below = { indent: `${indent}  `, path: `${path}${labelOf(item)}` };
    const first = lines.length;
    if (typeof item === "string" && isLiteral(item))
      printLiteral(lines, item, { ...below, lead: `${indent}-` });
    else printNode(lines, item, below);
    const line = lines[first];
    if (line?.text.startsWith(below.indent) === true) {
      lines[first] = { ...line, text: `${indent}- ${line.text.slice(below.indent.length)}` };
    }
  }
}

/** How a list item is named in a path: by its name where it has one. */
function labelOf(item: JsonValue): string {
  const name = isJsonObject(item) ? item["name"] : undefined;
  return typeof name === "string" ? `[name=${JSON.stringify(name)}]` : "[]";
}

function printLiteral(lines: YamlLine[], text: string, { lead, indent, path }: Entry): void {
  const body = text.replace(/\n+$/, "");
  const breaks = text.length - body.length;
  const chomp = breaks === 0 ? "-" : breaks === 1 ? "" : "+";
  // A first line that starts with a space would be taken for the indentation.
  const indicator = /^\n* /.test(body) ? "2" : "";
  lines.push({ text: `${lead} |${indicator}${chomp}`, path });
  for (const line of body.split("\n")) lines.push({ text: line === "" ? "" : `${indent}${line}`, path });
  for (let extra = 1; extra < breaks; extra += 1) lines.push({ text: "", path });
}

function printInline(value: JsonValue): string {
  if (isJsonArray(value)) return "[]";
  return isJsonObject(value) ? "{}" : printScalar(value);
}

function fieldsOf(map: JsonObject): readonly string[] {
  return Object.keys(map)
    .filter((name) => map[name] !== undefined)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

function rankOf(name: string): number {
  const rank = FIRST.indexOf(name);
  return rank < 0 ? FIRST.length : rank;
}
