import type { TreeEntries } from "./tree-object.ts";

/**
 * Directory listings by object id, which never changes meaning and says the same in every repository. Two generations: what is
 * used moves to the young one, and when that has half of the bytes the old one is dropped. Unlike a list in order of use this
 * costs nothing for what is already young, which matters when thousands of applications are checked against a new commit.
 */
export class TreeCache {
  readonly #maxBytes: number;
  readonly #loading = new Map<string, Promise<TreeEntries>>();
  #young = new Map<string, TreeEntries>();
  #old = new Map<string, TreeEntries>();
  #youngBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The listing of a tree when it is held. */
  peek(oid: string): TreeEntries | undefined {
    const young = this.#young.get(oid);
    if (young !== undefined) return young;
    const old = this.#old.get(oid);
    if (old !== undefined) this.#add(oid, old);
    return old;
  }

  /** Loads a listing that is not held, once however many ask at the same time. */
  async load(oid: string, load: () => Promise<TreeEntries>): Promise<TreeEntries> {
    const loading = this.#loading.get(oid);
    if (loading !== undefined) return await loading;
    const started = load();
    this.#loading.set(oid, started);
    try {
      const entries = await started;
      this.#add(oid, entries);
      return entries;
    } finally {
      this.#loading.delete(oid);
    }
  }

  #add(oid: string, entries: TreeEntries): void {
    this.#young.set(oid, entries);
    // About what an entry costs in the heap: an object, its id and name, a slot in the map.
    this.#youngBytes += 200 + entries.size * 250;
    if (this.#youngBytes * 2 <= this.#maxBytes) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
