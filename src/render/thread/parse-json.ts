import type { JsonValue } from "#core/object/index.ts";
import { lineAt } from "./decode-text.ts";
import { formatKey, ManifestError } from "./manifest-error.ts";
import { isExactInteger, isFloatField } from "./plain-scalar.ts";

/**
 * Parses a JSON file (RFC 8259) that holds one value. Throws RENDER_INVALID for what JSON does not allow, for a key that
 * appears twice, and for an integer that would not survive as a number.
 */
export function parseJson(file: string, text: string, maxDepth: number): JsonValue {
  const value = parse(file, text);
  checkStructure(file, text, maxDepth);
  return value;
}

function parse(file: string, text: string): JsonValue {
  let lost: { readonly key: string } | undefined;
  const keepExact = (key: string, value: JsonValue, context: { readonly source?: string }): JsonValue => {
    if (typeof value !== "number" || context.source === undefined) return value;
    if (!isExactInteger(context.source) && !isFloatField(key)) lost ??= { key };
    return value;
  };
  try {
    const value = JSON.parse(text, keepExact as (key: string, value: unknown) => unknown) as JsonValue;
    if (lost === undefined) return value;
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file, 1);
    throw notJson(file, text, error);
  }
  const { key } = lost;
  throw new ManifestError(
    { file, line: lineAt(text, Math.max(0, text.indexOf(`"${key}"`))) },
    `field ${formatKey(key)} is an integer too large to keep exactly; put quotes around it, or use a smaller number`,
  );
}

/** The engine's message quotes the text, which may be a Secret, so only its position is used. */
function notJson(file: string, text: string, error: unknown): ManifestError {
  const message = error instanceof Error ? error.message : "";
  const position = /at position (\d+)/.exec(message)?.[1];
  const line = position === undefined ? lineAt(text, text.length) : lineAt(text, Number(position));
  if (text.trim() === "") {
    return new ManifestError({ file, line: 1 }, "file is empty; remove it or write one JSON object");
  }
  if (message.includes("after JSON")) {
    return new ManifestError(
      { file, line },
      "more text follows the first JSON value; a .json file holds one object, so use an array or several files",
    );
  }
  return new ManifestError(
    { file, line },
    "not valid JSON; check quotes, commas and brackets up to this line",
  );
}

function tooDeep(file: string, line: number): ManifestError {
  return new ManifestError({ file, line }, "nested too deeply; the limit protects the renderer");
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Depth and duplicate keys of a text already known to be valid JSON. */
function checkStructure(file: string, text: string, maxDepth: number): void {
  const open: (Set<string> | undefined)[] = [];
  let last: { readonly text: string; readonly at: number } | undefined;
  for (const match of text.matchAll(token)) {
    const [found] = match;
    if (found === "{" || found === "[") {
      open.push(found === "{" ? new Set() : undefined);
      if (open.length > maxDepth) throw tooDeep(file, lineAt(text, match.index));
    } else if (found === "}" || found === "]") open.pop();
    else if (found === ":" && last !== undefined) addKey(open.at(-1), { file, text, last });
    if (found.startsWith('"')) last = { text: found, at: match.index };
  }
}

function addKey(
  keys: Set<string> | undefined,
  context: {
    readonly file: string;
    readonly text: string;
    readonly last: { readonly text: string; readonly at: number };
  },
): void {
  const { file, text, last } = context;
  const key = JSON.parse(last.text) as string;
  if (keys?.has(key) === true) {
    throw new ManifestError(
      { file, line: lineAt(text, last.at) },
      `key ${formatKey(key)} appears twice; remove one of them`,
    );
  }
  keys?.add(key);
}
