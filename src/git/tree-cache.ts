import type { TreeEntries } from "./tree-object.ts";

/** Directory listings by mirror and object id, the least recently used dropped first. Object ids never change meaning, so nothing expires. */
export class TreeCache {
  readonly #maxBytes: number;
  readonly #trees = new Map<string, { readonly entries: TreeEntries; readonly bytes: number }>();
  readonly #loading = new Map<string, Promise<TreeEntries>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The listing under a key, loaded once however many ask at the same time. */
  async get(key: string, load: () => Promise<TreeEntries>): Promise<TreeEntries> {
    const found = this.#trees.get(key);
    if (found !== undefined) {
      this.#trees.delete(key);
      this.#trees.set(key, found);
      return found.entries;
    }
    const loading = this.#loading.get(key);
    if (loading !== undefined) return await loading;
    const started = load().then((entries) => {
      this.#add(key, entries);
      return entries;
    });
    this.#loading.set(key, started);
    try {
      return await started;
    } finally {
      this.#loading.delete(key);
    }
  }

  #add(key: string, entries: TreeEntries): void {
    // About what an entry costs in the heap: an object, its id and name, a slot in the map.
    const bytes = 200 + entries.size * 250;
    this.#trees.set(key, { entries, bytes });
    this.#bytes += bytes;
    for (const [oldest, tree] of this.#trees) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#trees.delete(oldest);
      this.#bytes -= tree.bytes;
    }
  }
}
