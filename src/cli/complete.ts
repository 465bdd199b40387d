import type { Command } from "./command.ts";
import { flagsOf } from "./parse.ts";
import type { CliPorts } from "./ports.ts";
import { isGroup, root } from "./registry/index.ts";
import type { Group, Leaf } from "./registry/index.ts";

/** Prints what may follow the words typed so far, one per line; the last word is the one being typed. */
export async function complete(words: readonly string[], ports: CliPorts): Promise<number> {
  const typing = words.at(-1) ?? "";
  const candidates = await candidatesOf(words.slice(0, -1), typing);
  const fitting = candidates.filter((candidate) => candidate.startsWith(typing));
  ports.stdout.write(fitting.map((candidate) => `${candidate}\n`).join(""));
  return 0;
}

async function candidatesOf(before: readonly string[], typing: string): Promise<readonly string[]> {
  let node: Leaf | Group = root;
  for (const word of before) {
    if (!isGroup(node) || word.startsWith("-")) continue;
    const next: Leaf | Group | undefined = Object.hasOwn(node.commands, word)
      ? node.commands[word]
      : undefined;
    if (next !== undefined) node = next;
  }
  if (isGroup(node)) return Object.keys(node.commands).toSorted();
  const { command } = await node.load();
  return completeFlags(command, before.at(-1) ?? "", typing);
}

function completeFlags(command: Command, last: string, typing: string): readonly string[] {
  const flags = Object.entries(flagsOf(command));
  const open = flags.find(([name, flag]) => last === `--${name}` || last === `-${flag.short ?? ""}`);
  if (open !== undefined && open[1].type !== "boolean") return open[1].choices ?? [];
  return typing.startsWith("-") ? flags.map(([name]) => `--${name}`).toSorted() : [];
}
