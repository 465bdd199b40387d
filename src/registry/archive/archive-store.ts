import type { SourceTree } from "#ports/source-tree.ts";
import { Semaphore } from "#runtime/semaphore.ts";
import { SharedWork } from "#runtime/shared-work.ts";
import type { ArchiveFiles } from "./archive-files.ts";
import { sha256Of } from "./archive-files.ts";
import type { BoundedMap } from "#runtime/bounded-map.ts";
import type { Unpacked, UnpackOptions } from "./unpack.ts";
import { unpack } from "./unpack.ts";

/** What was fetched: trees in memory, bytes on disk. Whoever asks for the same at the same time shares the work. */
export class ArchiveStore {
  readonly #files: ArchiveFiles;
  readonly #trees: BoundedMap<Unpacked>;
  readonly #signal: AbortSignal;
  readonly #unpacking = new Semaphore(2);
  readonly #opening = new Map<string, SharedWork<Unpacked>>();

  constructor(files: ArchiveFiles, trees: BoundedMap<Unpacked>, signal: AbortSignal) {
    this.#files = files;
    this.#trees = trees;
    this.#signal = signal;
  }

  /** The tree of this name, made when nobody did so lately. */
  async tree(
    name: string,
    make: (signal: AbortSignal) => Promise<Unpacked>,
    signal: AbortSignal,
  ): Promise<SourceTree> {
    const known = this.#trees.get(name);
    if (known !== undefined) return known.tree;
    const running = this.#opening.get(name);
    const work = running === undefined || running.cancelled ? this.#open(name, make) : running;
    return (await work.join(signal)).tree;
  }

  #open(name: string, make: (signal: AbortSignal) => Promise<Unpacked>): SharedWork<Unpacked> {
    const work: SharedWork<Unpacked> = new SharedWork(async (signal) => {
      try {
        const unpacked = await make(signal);
        this.#trees.set(name, unpacked, unpacked.bytes);
        return unpacked;
      } finally {
        if (this.#opening.get(name) === work) this.#opening.delete(name);
      }
    }, this.#signal);
    this.#opening.set(name, work);
    return work;
  }

  /** Unpacks, a few at a time: each holds its archive and all that is in it. */
  async unpack(archive: Uint8Array, options: UnpackOptions): Promise<Unpacked> {
    return await this.#unpacking.run(async () => await unpack(archive, options), options.signal);
  }

  /** The bytes with this digest, from disk or fetched; `fetch` has checked them. */
  async bytes(name: string, digest: string, fetch: () => Promise<Buffer>): Promise<Buffer> {
    const known = await this.#files.get(name, digest);
    if (known !== undefined) return known;
    const fetched = await fetch();
    await this.#files.put(name, fetched);
    return fetched;
  }

  /** Keeps bytes whose digest nobody knew before; that digest. */
  async keep(nameOf: (digest: string) => string, content: Buffer): Promise<string> {
    const digest = sha256Of(content);
    await this.#files.put(nameOf(digest), content);
    return digest;
  }
}
