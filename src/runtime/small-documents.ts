import { isAlias, LineCounter, parseAllDocuments, visit } from "yaml";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";

const maxAliases = 100;

interface LocatedDocument {
  readonly value: JsonValue;
  /** Of its first content, from 1. */
  readonly line: number;
}

/**
 * The documents of a YAML file that somebody else wrote, empty ones left out: the caller has bounded its size, and the time is in
 * proportion to it. Of a key that is there twice the last one counts. Throws RENDER_INVALID naming file and line, never quoting the text.
 */
export function parseSmallDocuments(text: string, file: string): readonly LocatedDocument[] {
  const lineCounter = new LineCounter();
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: "silent", lineCounter } as const;
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  try {
    const documents = parseAllDocuments(text, options);
    return ("empty" in documents ? [] : documents).flatMap((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw wrong(file, lineOf(error.pos[0]), "not YAML; correct it");
      const { contents } = document;
      if (contents === null) return [];
      const line = lineOf(contents.range[0]);
      let aliases = 0;
      visit(document, {
        Node: (_key, node) => (isAlias(node) && (aliases += 1) > maxAliases ? visit.BREAK : undefined),
      });
      if (aliases > maxAliases) throw wrong(file, line, "aliases that refer to too much; write them out");
      const value = document.toJS({ maxAliasCount: maxAliases }) as JsonValue;
      return value === null ? [] : [{ value, line }];
    });
  } catch (error) {
    if (error instanceof MooringError) throw error;
    const problem =
      error instanceof RangeError ? "nested too deeply" : "aliases that refer to too much; write them out";
    throw wrong(file, 1, problem, error);
  }
}

function wrong(...[file, line, problem, cause]: [string, number, string, unknown?]): MooringError {
  return new MooringError("RENDER_INVALID", `${file}:${line}: ${problem}`, { cause });
}
