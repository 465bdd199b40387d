import type { FetchedSource, RemoteSource } from "#ports/source-fetcher.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import type { ListFilter } from "./protocol.ts";
import type { SourceView } from "./source-view.ts";
import { mountOf, mountPath } from "./source-view.ts";
import type { Trace, TraceEntry } from "./trace.ts";
import { filterEntries, identityOf } from "./trace.ts";

/** The files of one render; every look at them is recorded. */
export class TracedTree {
  readonly #view: SourceView;
  readonly #known = new Map<string, TreeEntry>();
  /** By kind and path: an access repeated is recorded once. */
  readonly #entries = new Map<string, TraceEntry>();
  readonly #remotes = new Set<string>();
  #steps = 0;

  constructor(view: SourceView) {
    this.#view = view;
  }

  async stat(path: string, signal: AbortSignal): Promise<TreeEntry | undefined> {
    const entry = this.#known.get(path) ?? (await this.#view.stat(path, signal));
    if (entry === undefined) this.#record({ kind: "missing", path });
    else if (entry.type === "directory") this.#record({ kind: "directory", path });
    else this.#record({ kind: "file", path, id: identityOf(entry) });
    if (entry !== undefined) this.#known.set(path, entry);
    return entry;
  }

  /** Sorted by the bytes of the names, whatever the tree's own order. */
  async list(
    path: string,
    filter: ListFilter,
    signal: AbortSignal,
  ): Promise<readonly TreeEntry[] | undefined> {
    const directory = this.#known.get(path) ?? (await this.#view.stat(path, signal));
    const all = await this.#view.list(path, signal);
    if (directory === undefined || all === undefined) {
      await this.stat(path, signal);
      return undefined;
    }
    const { entries, id } = filterEntries(all.toSorted(byName), filter);
    this.#record({ kind: "list", path, filter, tree: directory.oid, id });
    for (const entry of entries) this.#known.set(path === "" ? entry.name : `${path}/${entry.name}`, entry);
    return entries;
  }

  /** Records the whole directory as read; what is below it may then be listed and read without a record of its own. */
  coverTree(path: string, directory: TreeEntry): void {
    this.#record({ kind: "tree", path, tree: directory.oid });
  }

  listCovered(path: string, signal: AbortSignal): Promise<readonly TreeEntry[] | undefined> {
    return this.#view.list(path, signal);
  }

  /** The content of what `stat` or `coverTree` has recorded. */
  read(...args: Parameters<SourceTree["read"]>): Promise<Uint8Array> {
    return this.#view.read(...args);
  }

  /** Places what was fetched below the mount; gives its path. */
  mountRemote(source: RemoteSource, { id, tree }: FetchedSource, mount: string): string {
    const path = mountPath(mount);
    this.#view.mount(mount, tree);
    this.#remotes.add(path);
    this.#entries.set(`remote\0${JSON.stringify(source)}`, { kind: "remote", source, id, mount });
    return path;
  }

  /** Counts a step along a symbolic link; how many there were. */
  countStep(): number {
    this.#steps += 1;
    return this.#steps;
  }

  missRemote(source: RemoteSource): void {
    this.#entries.set(`remote\0${JSON.stringify(source)}`, { kind: "remote", source });
  }

  trace(root: TreeEntry | undefined): Trace {
    return {
      root: root?.type === "directory" ? root.oid : undefined,
      entries: [...this.#entries.values()],
    };
  }

  #record(entry: Exclude<TraceEntry, { kind: "remote" }>): void {
    if (this.#remotes.has(mountOf(entry.path))) return;
    // Who knows what a directory holds knows that it is one.
    if (entry.kind === "list" || entry.kind === "tree") this.#entries.delete(`directory\0${entry.path}\0`);
    const filter = entry.kind === "list" ? JSON.stringify(entry.filter) : "";
    this.#entries.set(`${entry.kind}\0${entry.path}\0${filter}`, entry);
  }
}

/** Byte order of UTF-8 names. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
