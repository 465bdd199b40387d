import type { Command } from "../command.ts";

/** A command in the tree; its module is loaded when it runs, so that `mooring version` loads nothing else. */
export interface Leaf {
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

export interface Group {
  readonly summary: string;
  readonly commands: Readonly<Record<string, Leaf | Group>>;
}

export function isGroup(node: Leaf | Group): node is Group {
  return "commands" in node;
}
