import { errorCatalog, isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { Output } from "./ports.ts";

/** Ended by Ctrl-C, as shells count it. */
const interrupted = 130;
const generic = 20;

/** The exit code of an error: Argo CD's codes (11 connection, 12 API answer, 13 does not exist, 20 anything else). */
export function exitCodeOf(error: unknown): number {
  if (isMooringError(error)) return errorCatalog[error.code].exit;
  return isAbortError(error) ? interrupted : generic;
}

export interface PrintOptions {
  /** Shows codes, stacks and causes. */
  readonly debug: boolean;
  /** What to do about it, below the message. */
  readonly hint?: string | undefined;
}

/** Says what went wrong: the message, below it what to do, one line for each cause when asked for detail. */
export function printError(output: Output, error: unknown, options: PrintOptions): void {
  if (isAbortError(error) && !options.debug) return;
  const [first = "", ...rest] = splitFix(messageOf(error));
  const hints = [...rest, ...(options.hint === undefined ? [] : [options.hint])];
  output.write([`mooring: ${first}`, ...hints.map((line) => `  ${line}`)].join("\n") + "\n");
  if (!isMooringError(error) && !isAbortError(error)) {
    output.write("  this is a bug of Mooring; run again with --loglevel debug and report what it prints\n");
  }
  if (options.debug) output.write(`${formatCauses(error)}\n`);
}

/** Messages end with what to do, after a semicolon: it goes on a line of its own. Lines of a list stay together. */
function splitFix(message: string): readonly string[] {
  const lines = message.split("\n");
  const [first = "", ...more] = lines;
  const at = first.lastIndexOf("; ");
  return at < 0 || more.length > 0 ? lines : [first.slice(0, at), first.slice(at + 2)];
}

function formatCauses(error: unknown): string {
  const lines: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && lines.length < 10) {
    const code = isMooringError(current) ? `${current.code} ` : "";
    lines.push(`${lines.length === 0 ? "" : "caused by "}${code}${current.stack ?? current.message}`);
    current = current.cause;
  }
  return lines.join("\n");
}
