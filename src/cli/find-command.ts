import { globalFlags } from "./command.ts";
import type { Group, Leaf } from "./registry/index.ts";
import { isGroup } from "./registry/index.ts";
import { usageError } from "./usage-error.ts";
import { nearest } from "#runtime/nearest.ts";

export interface Found {
  /** The words that led here: `["app", "create"]`. */
  readonly path: readonly string[];
  readonly node: Leaf | Group;
  /** What is left for the command to parse, global flags that came first included. */
  readonly rest: readonly string[];
}

/** Finds the command that a command line names; flags may come before it. Throws CLI_USAGE for an unknown word. */
export function findCommand(root: Group, argv: readonly string[]): Found {
  const before: string[] = [];
  const path: string[] = [];
  let node: Leaf | Group = root;
  let at = 0;
  while (at < argv.length && isGroup(node)) {
    const word = argv[at] ?? "";
    at += 1;
    if (word.startsWith("-")) {
      before.push(word);
      if (takesValue(word) && at < argv.length) before.push(argv[at] ?? "");
      if (takesValue(word)) at += 1;
      continue;
    }
    const next: Leaf | Group | undefined = Object.hasOwn(node.commands, word)
      ? node.commands[word]
      : undefined;
    if (next === undefined) throw unknownCommand(node, [...path, word]);
    path.push(word);
    node = next;
  }
  return { path, node, rest: [...before, ...argv.slice(at)] };
}

function takesValue(word: string): boolean {
  const globals = Object.entries<{ readonly type: string; readonly short?: string }>(globalFlags);
  return globals.some(
    ([name, flag]) => flag.type !== "boolean" && (word === `--${name}` || word === `-${flag.short ?? ""}`),
  );
}

function unknownCommand(group: Group, path: readonly string[]): Error {
  const near = nearest(path.at(-1) ?? "", Object.keys(group.commands));
  const parent = ["mooring", ...path.slice(0, -1)].join(" ");
  const hint = near === undefined ? `see: ${parent} --help` : `did you mean: ${parent} ${near}?`;
  return usageError(`${path.join(" ")}: unknown command; ${hint}`);
}
