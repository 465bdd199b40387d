import { randomBytes } from "node:crypto";
import type { CliPorts, Input, Output } from "../ports.ts";

const escape = "\u001B";
/** Control and format characters, unassigned ones and halves of characters, but for line breaks and tabs. */
const acting = /[^\n\t\P{C}]/gu;

/** A text that shows what it has in it and does nothing: whatever would act on a terminal becomes a question mark. */
export function plainText(text: string): string {
  return text.replaceAll(acting, "?");
}

/**
 * An output on which nothing that is told can act: names and messages come from clusters and servers, and anybody may have put into them
 * what moves the cursor, sets a title or turns the reading direction. Our own colours begin with a word that nobody else knows.
 */
class ShieldedOutput implements Output {
  /** What it goes to, for text that is to arrive as it is. */
  readonly exact: Output;
  /** Begins our own escape sequences. */
  readonly escape = escape + randomBytes(8).toString("hex");

  constructor(exact: Output) {
    this.exact = exact;
  }

  get isTTY(): boolean {
    return this.exact.isTTY;
  }

  get columns(): number | undefined {
    return this.exact.columns;
  }

  get rows(): number | undefined {
    return this.exact.rows;
  }

  write(text: string): void {
    this.exact.write(text.split(this.escape).map(plainText).join(escape));
  }
}

/** The ports of a command: what it prints and asks acts on no terminal. */
export function shielded(ports: CliPorts): CliPorts {
  const { stdin } = ports;
  const readLine: Input["readLine"] = (question, options) => stdin.readLine(plainText(question), options);
  return {
    ...ports,
    stdout: new ShieldedOutput(ports.stdout),
    stderr: new ShieldedOutput(ports.stderr),
    stdin: {
      get isTTY() {
        return stdin.isTTY;
      },
      readLine,
      readAll: () => stdin.readAll(),
      readChunks: () => stdin.readChunks(),
    },
  };
}

/** What begins an escape sequence that is to act on this output. */
export function escapeOf(output: Output): string {
  return output instanceof ShieldedOutput ? output.escape : escape;
}

/** The output for programs and files, on which every character arrives: for JSON and YAML, which escape what acts. */
export function exactOf(output: Output): Output {
  return output instanceof ShieldedOutput ? output.exact : output;
}

/** A line that a container wrote: its colours stay on a terminal, and a program gets it as it is. */
export function writeForeignLine(output: Output, line: string): void {
  if (!output.isTTY) return exactOf(output).write(`${line}\n`);
  const begin = escapeOf(output);
  const [first = "", ...rest] = line.split(escape);
  const isColor = (part: string) => /^\[[\d;]*m/u.test(part);
  const shown = first + rest.map((part) => (isColor(part) ? begin : escape) + part).join("");
  output.write(rest.some(isColor) ? `${shown}${begin}[0m\n` : `${shown}\n`);
}
