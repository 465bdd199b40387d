import type { Document } from "yaml";
import { isScalar, LineCounter, parseDocument, visit } from "yaml";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";

const maxAliases = 100;

/**
 * The document of a small file of a user's, read where other work waits for it: the caller has bounded its size, and the time is in
 * proportion to it. The parser's own check for keys that appear twice takes the square of their number (minutes for 256 KiB), and
 * so do errors that show their place. Throws RENDER_INVALID naming the file.
 */
export function parseSmallYaml(text: string, file: string): JsonValue {
  const lineCounter = new LineCounter();
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: "silent", lineCounter } as const;
  const document = parseDocument(text, options);
  const [error] = document.errors;
  if (error !== undefined)
    throw wrong(file, `not YAML (line ${lineCounter.linePos(error.pos[0]).line}); correct it`);
  try {
    const problem = problemOf(document);
    if (problem !== undefined) throw wrong(file, problem);
    return document.toJS({ maxAliasCount: maxAliases }) as JsonValue;
  } catch (error) {
    if (error instanceof MooringError) throw error;
    throw wrong(file, error instanceof RangeError ? "nested too deeply" : refersTooMuch, error);
  }
}

const refersTooMuch = "aliases that refer to too much; write them out";

/** A key that is a list or map is none that anybody's file has, and each level of it would make its text twice as long. */
function problemOf(document: Document): string | undefined {
  let problem: string | undefined;
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
      if (aliases > maxAliases) problem = refersTooMuch;
      return problem === undefined ? undefined : visit.BREAK;
    },
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) problem = "a key is no plain text";
        else if (seen.has(key.value)) problem = `the key ${String(key.value)} is there twice`;
        else seen.add(key.value);
      }
      return problem === undefined ? undefined : visit.BREAK;
    },
  });
  return problem;
}

function wrong(file: string, problem: string, cause?: unknown): MooringError {
  return new MooringError("RENDER_INVALID", `${file}: ${problem}`, { cause });
}
