import { createHash } from "node:crypto";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import type { ListFilter } from "./protocol.ts";

/** One access of a render to its tree, with the identity of what it saw. */
export type TraceEntry =
  /** A file or symlink whose content was read: its type and object id. */
  | { readonly kind: "file"; readonly path: string; readonly id: string }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "directory"; readonly path: string }
  /** Names and types that passed the filter; `tree` is the directory's object id, equal only if all below is equal. */
  | {
      readonly kind: "list";
      readonly path: string;
      readonly filter: ListFilter;
      readonly tree: string;
      readonly id: string;
    };

/** Everything that a render looked at below and beside its path. */
export interface Trace {
  /** Object id of the render's directory; undefined when it was none. */
  readonly root: string | undefined;
  readonly entries: readonly TraceEntry[];
  /** Identity of the private keys that were asked for a data key; absent when nothing was encrypted. */
  readonly keys?: string;
}

export function identityOf(entry: TreeEntry): string {
  return `${entry.type}:${entry.oid}`;
}

/** The entries that a listing's reader can see, and their identity: content does not count. */
export function filterEntries(
  entries: readonly TreeEntry[],
  filter: ListFilter,
): { readonly entries: readonly TreeEntry[]; readonly id: string } {
  const seen = entries.filter((entry) =>
    entry.type === "directory"
      ? filter.directories
      : filter.suffixes.length === 0 || filter.suffixes.some((suffix) => entry.name.endsWith(suffix)),
  );
  const hash = createHash("sha256");
  for (const entry of seen) hash.update(`${entry.type}/${entry.name}\0`);
  return { entries: seen, id: hash.digest("hex") };
}

export interface TraceCheck {
  readonly tree: SourceTree;
  /** The render's path. */
  readonly path: string;
  /** Identity of the private keys that there are now. */
  readonly keys: string;
  readonly signal: AbortSignal;
}

/**
 * True when a render of this tree would read exactly the same. An unchanged directory (one `stat`) answers for all that
 * lies below it; otherwise every recorded access is looked up, which reads no file.
 */
export async function traceStands(trace: Trace, check: TraceCheck): Promise<boolean> {
  const { tree, path, signal } = check;
  if (trace.keys !== undefined && trace.keys !== check.keys) return false;
  const root = await tree.stat(path, signal);
  const unchanged = trace.root !== undefined && root?.type === "directory" && root.oid === trace.root;
  const proven: string[] = unchanged ? [path] : [];
  for (const entry of trace.entries) {
    if (proven.some((directory) => isBelow(entry.path, directory))) continue;
    const now = await tree.stat(entry.path, signal);
    if (entry.kind === "list" && now?.type === "directory" && now.oid === entry.tree) {
      proven.push(entry.path);
      continue;
    }
    if (!(await entryStands(entry, now, check))) return false;
  }
  return true;
}

/** True for the directory itself and everything in it. */
function isBelow(path: string, directory: string): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

async function entryStands(
  entry: TraceEntry,
  now: TreeEntry | undefined,
  { tree, signal }: TraceCheck,
): Promise<boolean> {
  switch (entry.kind) {
    case "missing":
      return now === undefined;
    case "directory":
      return now?.type === "directory";
    case "file":
      return now !== undefined && identityOf(now) === entry.id;
    case "list": {
      const entries = now?.type === "directory" ? await tree.list(entry.path, signal) : undefined;
      return entries !== undefined && filterEntries(entries, entry.filter).id === entry.id;
    }
    default:
      throw new Error(`unhandled trace entry: ${JSON.stringify(entry satisfies never)}`);
  }
}
