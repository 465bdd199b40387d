import type { SopsMap, SopsNode, SopsScalar } from "./tree.ts";
import { scalar } from "./tree.ts";

const prefix = "sops_";

/** A line of a dotenv file as SOPS reads it: a comment, or a name and a value on one line. */
type Line = { readonly comment: SopsScalar } | { readonly key: string; readonly value: SopsScalar };

interface DotenvFile {
  readonly lines: readonly Line[];
  /** The values outside the metadata. */
  readonly document: SopsMap;
  /** What the `sops_` lines make. */
  readonly sops: SopsNode;
}

/** Undefined when a line is neither, or when the metadata do not fit together. */
export function readDotenvTree(text: string): DotenvFile | undefined {
  const lines: Line[] = [];
  const metadata: [string, SopsScalar][] = [];
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const equals = line.indexOf("=");
    if (line.startsWith("#")) lines.push({ comment: scalar("str", line.slice(1)) });
    else if (equals < 0) return undefined;
    else {
      const key = line.slice(0, equals);
      const value = scalar("str", line.slice(equals + 1).replaceAll("\\n", "\n"));
      if (key.startsWith(prefix)) metadata.push([key.slice(prefix.length), value]);
      else lines.push({ key, value });
    }
  }
  const sops = unflatten(metadata);
  if (sops === undefined) return undefined;
  const entries = lines.filter((line) => "key" in line);
  return { lines, document: { kind: "map", entries }, sops };
}

/** Dotenv text as `sops decrypt` writes it. Throws RangeError for bytes that are no text. */
export function writeDotenv(lines: readonly Line[], read: (leaf: SopsScalar) => SopsScalar): string {
  return lines
    .map((line) =>
      "comment" in line
        ? `#${read(line.comment).text}\n`
        : `${line.key}=${valueText(read(line.value)).replaceAll("\n", "\\n")}\n`,
    )
    .join("");
}

function valueText(leaf: SopsScalar): string {
  if (leaf.type === "bytes") throw new RangeError("the value is no UTF-8 text");
  if (leaf.type === "float" && !leaf.text.includes(".")) return `${leaf.text}.0`;
  return leaf.text;
}

type Step = { readonly key: string } | { readonly index: number };
interface Growing {
  leaf?: SopsScalar;
  readonly fields: Map<string, Growing>;
  readonly items: Map<number, Growing>;
}

/** `age__list_0__map_enc` is the field enc of the first item of age. Undefined when the names contradict one another. */
function unflatten(entries: readonly (readonly [string, SopsScalar])[]): SopsNode | undefined {
  const root = grow();
  for (const [name, leaf] of entries) {
    let at = root;
    for (const step of stepsOf(name)) {
      const children: Map<string | number, Growing> = "key" in step ? at.fields : at.items;
      const key = "key" in step ? step.key : step.index;
      const child = children.get(key) ?? grow();
      children.set(key, child);
      at = child;
    }
    if (at.leaf !== undefined) return undefined;
    at.leaf = leaf;
  }
  return settle(root);
}

function grow(): Growing {
  return { fields: new Map(), items: new Map() };
}

function stepsOf(name: string): readonly Step[] {
  const [first = "", ...rest] = name.split(/(__map_|__list_)/);
  const steps: Step[] = [{ key: first }];
  for (let at = 0; at < rest.length; at += 2) {
    const value = rest[at + 1] ?? "";
    steps.push(rest[at] === "__map_" ? { key: value } : { index: Number(value) });
  }
  return steps;
}

function settle({ leaf, fields, items }: Growing): SopsNode | undefined {
  if (leaf !== undefined) return fields.size + items.size === 0 ? leaf : undefined;
  if (items.size > 0) {
    if (fields.size > 0) return undefined;
    const list = Array.from({ length: items.size }, (_, at) => items.get(at)).map(
      (item) => item && settle(item),
    );
    return list.every((item) => item !== undefined) ? { kind: "list", items: list } : undefined;
  }
  const entries = [...fields].map(([key, field]) => ({ key, value: settle(field) }));
  const settled = entries.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
  return settled.length === entries.length ? { kind: "map", entries: settled } : undefined;
}
