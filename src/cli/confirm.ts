import type { CliPorts } from "./ports.ts";
import { usageError } from "./usage-error.ts";

/** Asks a yes-or-no question on the terminal. Throws CLI_USAGE where there is none, naming the flag that answers. */
export async function confirm(
  question: string,
  { ports, flag }: { readonly ports: CliPorts; readonly flag: string },
): Promise<boolean> {
  if (!ports.stdin.isTTY) throw usageError(`${question} nobody can answer here; pass ${flag} to say yes`);
  const answer = await ports.stdin.readLine(`${question} [y/N] `);
  return ["y", "yes"].includes(answer.trim().toLowerCase());
}
