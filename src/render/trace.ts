import { createHash } from "node:crypto";
import { isMooringError } from "#core/errors/index.ts";
import type { RemoteSource, SourceFetcher } from "#ports/source-fetcher.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import type { ListFilter } from "./protocol.ts";
import type { SourceView } from "./source-view.ts";
import { mountOf } from "./source-view.ts";

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
    }
  /** Everything below a directory was read: its object id. */
  | { readonly kind: "tree"; readonly path: string; readonly tree: string }
  | RemoteEntry;

/** Something from outside: while it is the same, so is everything below its mount, which is why nothing there is recorded. */
interface RemoteEntry {
  readonly kind: "remote";
  readonly source: RemoteSource;
  /** Absent for a file that its server did not have. */
  readonly id?: string;
  readonly mount?: string;
}

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
  readonly view: SourceView;
  /** The render's path. */
  readonly path: string;
  /** Identity of the private keys that there are now. */
  readonly keys?: string;
  readonly fetcher: SourceFetcher | undefined;
  readonly signal: AbortSignal;
}

/**
 * True when a render of this tree would read exactly the same. An unchanged directory (one `stat`) answers for all that
 * lies below it; otherwise every recorded access is looked up, which reads no file. What was mounted from elsewhere is
 * asked for its id, after everything that costs nothing.
 */
export async function traceStands(trace: Trace, check: TraceCheck): Promise<boolean> {
  const { view, path, signal } = check;
  if (trace.keys !== undefined && trace.keys !== (check.keys ?? "")) return false;
  const root = await view.stat(path, signal);
  const proven = new Set<string>();
  if (trace.root !== undefined && root?.type === "directory" && root.oid === trace.root) proven.add(path);
  for (const entry of trace.entries) {
    if (entry.kind === "remote" || isProven(entry.path, proven)) continue;
    const now = await view.stat(entry.path, signal);
    const standsWhole =
      (entry.kind === "list" || entry.kind === "tree") && now?.type === "directory" && now.oid === entry.tree;
    if (standsWhole) proven.add(entry.path);
    else if (!(await entryStands(entry, now, check))) return false;
  }
  return remotesStand(trace, check);
}

/** True when the path or a directory around it is unchanged; a mount is its own tree and never lies in another. */
function isProven(path: string, proven: ReadonlySet<string>): boolean {
  if (proven.size === 0) return false;
  const top = mountOf(path);
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    if (proven.has(at)) return true;
    if (at === top) return false;
  }
}

async function remotesStand(trace: Trace, { fetcher, signal }: TraceCheck): Promise<boolean> {
  for (const entry of trace.entries) {
    if (entry.kind !== "remote") continue;
    if (fetcher === undefined || !(await remoteStands(entry, fetcher, signal))) return false;
  }
  return true;
}

async function remoteStands(
  { source, id }: RemoteEntry,
  fetcher: SourceFetcher,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await fetcher.resolve(source, signal)).id === id;
  } catch (error) {
    if (id === undefined && isNotFound(error)) return true;
    throw error;
  }
}

/** True when the other side answered that it has no such thing. */
export function isNotFound(error: unknown): boolean {
  return isMooringError(error) && error.code.endsWith("_NOT_FOUND");
}

async function entryStands(
  entry: Exclude<TraceEntry, RemoteEntry>,
  now: TreeEntry | undefined,
  { view, signal }: TraceCheck,
): Promise<boolean> {
  switch (entry.kind) {
    case "missing":
      return now === undefined;
    case "directory":
      return now?.type === "directory";
    case "file":
      return now !== undefined && identityOf(now) === entry.id;
    case "tree":
      return false;
    case "list": {
      const entries = now?.type === "directory" ? await view.list(entry.path, signal) : undefined;
      return entries !== undefined && filterEntries(entries, entry.filter).id === entry.id;
    }
    default:
      throw new Error(`unhandled trace entry: ${JSON.stringify(entry satisfies never)}`);
  }
}
