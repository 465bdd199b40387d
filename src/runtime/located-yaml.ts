import type { Document, Node, Tags } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit } from "yaml";
import type { JsonValue } from "#core/object/index.ts";

interface LocatedManifest {
  readonly value: JsonValue;
  /** Of the document's first content, from 1. */
  readonly line: number;
  /** The line of a field, or of what is nearest around it. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

interface YamlProblem {
  readonly line: number;
  readonly message: string;
}

export interface LocatedYaml {
  readonly documents: readonly LocatedManifest[];
  readonly problems: readonly YamlProblem[];
}

const maxAliases = 100;
const refersTooMuch = "aliases refer to too much; write them out";

/** As Kubernetes reads YAML: words such as `yes` are booleans; times and numbers to the base of 60 are text. */
function customTags(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === "string" || (tag.tag !== "tag:yaml.org,2002:timestamp" && tag.format !== "TIME"),
  );
}

/**
 * The documents of a file that somebody else wrote, with the places of their fields, and all that is wrong with them as YAML, keys that are
 * there twice among it. The caller has bounded its size, and the time is in proportion to it. Never quotes values.
 */
export function readLocatedYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: "silent", lineCounter: lines } as const;
  const documents: LocatedManifest[] = [];
  const problems: YamlProblem[] = [];
  try {
    const parsed = parseAllDocuments(text, { ...options, version: "1.1", merge: true, customTags });
    for (const document of "empty" in parsed ? [] : parsed)
      readDocument(document, { lines, documents, problems });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push({ line: 1, message: "is nested too deeply; make it flatter" });
  }
  return { documents, problems };
}

interface Reading {
  readonly lines: LineCounter;
  readonly documents: LocatedManifest[];
  readonly problems: YamlProblem[];
}

function readDocument(document: Document.Parsed, { lines, documents, problems }: Reading): void {
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [error] = document.errors;
  if (error !== undefined) {
    problems.push({
      line: lineAt(error.pos[0]),
      message: `is no YAML (${error.code.toLowerCase().replaceAll("_", " ")}); correct it`,
    });
    return;
  }
  const { contents } = document;
  if (contents === null) return;
  const line = lineAt(contents.range[0]);
  const found = problemsOf(document, lineAt);
  problems.push(...found.problems);
  if (found.isTooMuch) return;
  try {
    const value = document.toJS({ maxAliasCount: maxAliases }) as JsonValue;
    if (value !== null)
      documents.push({ value, line, lineOf: (path) => lineIn(contents, path, lineAt) ?? line });
  } catch (cause) {
    const message = cause instanceof RangeError ? "is nested too deeply; make it flatter" : refersTooMuch;
    problems.push({ line, message });
  }
}

function problemsOf(
  document: Document.Parsed,
  lineAt: (offset: number) => number,
): { readonly problems: readonly YamlProblem[]; readonly isTooMuch: boolean } {
  const problems: YamlProblem[] = [];
  let aliases = 0;
  visit(document, {
    Alias: (_key, { range }) => {
      aliases += 1;
      if (aliases <= maxAliases) return undefined;
      problems.push({ line: lineAt(range?.[0] ?? 0), message: refersTooMuch });
      return visit.BREAK;
    },
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value) && key.value !== "<<")
          problems.push({
            line: lineAt(key.range?.[0] ?? 0),
            message: `key ${String(key.value)} is there twice; remove one`,
          });
        seen.add(key.value);
      }
    },
  });
  return { problems, isTooMuch: aliases > maxAliases };
}

function lineIn(
  root: Node,
  path: readonly (string | number)[],
  lineAt: (offset: number) => number,
): number | undefined {
  let node: unknown = root;
  let offset = root.range?.[0];
  for (const step of path) {
    if (isAlias(node)) break;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      const item = node as Node | undefined;
      offset = item?.range?.[0] ?? offset;
    } else break;
  }
  return offset === undefined ? undefined : lineAt(offset);
}
