import type { CliPorts, Output } from "../ports.ts";
import { escapeOf } from "./shielded.ts";

const codes = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

export type Color = keyof typeof codes;

/** Puts colour on a text, or leaves it as it is where colours are off. */
export type Paint = (color: Color, text: string) => string;

/** Colours on a terminal unless NO_COLOR (https://no-color.org) is set; `--color` decides otherwise. */
export function createPaint(ports: Pick<CliPorts, "env">, output: Output, choice: string | undefined): Paint {
  const quiet = (ports.env["NO_COLOR"] ?? "") !== "" || ports.env["TERM"] === "dumb";
  const on = choice === "always" || (choice !== "never" && output.isTTY && !quiet);
  const escape = escapeOf(output);
  return (color, text) => (on && text !== "" ? `${escape}[${codes[color]}m${text}${escape}[0m` : text);
}

const good = new Set(["Synced", "Healthy", "Succeeded", "Pruned"]);
const bad = new Set(["Degraded", "Failed", "Error", "SyncFailed", "Missing"]);
const open = new Set(["OutOfSync", "Progressing", "Running", "Terminating", "Suspended", "PruneSkipped"]);

/** The colour of a status word; undefined for words that are neither good nor bad. */
export function statusColor(status: string): Color | undefined {
  const word = status.trim();
  if (good.has(word)) return "green";
  if (bad.has(word)) return "red";
  return open.has(word) ? "yellow" : undefined;
}
