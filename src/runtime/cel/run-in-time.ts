import { createContext, Script } from "node:vm";

const script = new Script("run()");
const sandbox: { run: () => unknown } = { run: () => undefined };
const context = createContext(sandbox);

/**
 * What a function gives, unless it takes longer: then it is stopped wherever it is. For expressions that others wrote, whose loops within
 * loops may take minutes. It must leave nothing behind that is half done.
 */
export function runInTime<T>(
  run: () => T,
  maxMs: number,
): { readonly ended: true; readonly value: T } | { readonly ended: false } {
  sandbox.run = run;
  try {
    return { ended: true, value: script.runInContext(context, { timeout: maxMs }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { ended: false };
    throw error;
  } finally {
    sandbox.run = () => undefined;
  }
}

/** Steps that are done before anybody would notice. */
const harmless = 1e9;

/** How long expressions may take, as far as their texts say. */
export interface ExpressionsSize {
  /** Of all texts together. */
  readonly length: number;
  /** The most loops that a text has. */
  readonly loops: number;
}

export function sizeOf(expressions: readonly string[]): ExpressionsSize {
  return {
    length: expressions.join("").length,
    loops: Math.max(0, ...expressions.map((text) => loopsIn(text))),
  };
}

/**
 * True when expressions cannot take long on an input of a length in characters: they need not be timed then, which takes a tenth of a
 * millisecond.
 */
export function isQuick({ length, loops }: ExpressionsSize, inputLength: number): boolean {
  return length * (length + inputLength) ** (loops + 1) < harmless;
}

function loopsIn(expression: string): number {
  return expression.match(/\.\s*(?:all|exists|exists_one|existsOne|filter|map)\s*\(/g)?.length ?? 0;
}
