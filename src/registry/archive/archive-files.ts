import { createHash, randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "#runtime/log.ts";

interface Kept {
  readonly bytes: number;
  readonly usedMs: number;
}

const nameForm = /^[0-9a-f]{64}$/;
/** What is younger may be another process's that still writes it. */
const staleMs = 60_000;

export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Undefined for what another process has removed meanwhile. */
async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function entriesOf(directory: string): Promise<readonly (readonly [string, Kept])[]> {
  const names = await readdir(directory);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const kept = await statIfThere(path);
      if (kept !== undefined && !nameForm.test(name)) {
        // Left by a process that ended while it wrote.
        if (Date.now() - kept.mtimeMs > staleMs) await rm(path, { recursive: true, force: true });
        return [];
      }
      return kept === undefined ? [] : [[name, { bytes: kept.size, usedMs: kept.mtimeMs }] as const];
    }),
  );
  return found.flat().toSorted(([, a], [, b]) => a.usedMs - b.usedMs);
}

/**
 * What was fetched, on disk under names that only we can tell from a digest, so that a restart needs no network. It may be deleted at
 * any moment, by another process too; a file that is gone, damaged or cannot be written is fetched anew.
 */
export class ArchiveFiles {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #log: Log;
  /** In order of use. */
  readonly #kept: Map<string, Kept>;
  #bytes: number;

  private constructor(
    directory: string,
    options: { readonly maxBytes: number; readonly log: Log },
    kept: readonly (readonly [string, Kept])[],
  ) {
    this.#directory = directory;
    this.#maxBytes = options.maxBytes;
    this.#log = options.log;
    this.#kept = new Map(kept);
    this.#bytes = kept.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  }

  static async open(
    directory: string,
    options: { readonly maxBytes: number; readonly log: Log },
  ): Promise<ArchiveFiles> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new ArchiveFiles(directory, options, await entriesOf(directory));
  }

  /** What was put under this name, if it still has that digest. */
  async get(name: string, digest: string): Promise<Buffer | undefined> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    const path = join(this.#directory, name);
    try {
      const content = await readFile(path);
      if (sha256Of(content) === digest) {
        this.#kept.delete(name);
        this.#kept.set(name, kept);
        const now = new Date();
        await utimes(path, now, now);
        return content;
      }
      this.#log.warn("cached chart is damaged; it will be fetched anew", { path });
    } catch (error) {
      this.#log.debug("cached chart cannot be read; it will be fetched anew", { path, error: String(error) });
    }
    await this.#remove(name);
    return undefined;
  }

  async put(name: string, content: Uint8Array): Promise<void> {
    if (content.length > this.#maxBytes || this.#kept.has(name)) return;
    const path = join(this.#directory, name);
    const written = `${path}.${randomBytes(8).toString("hex")}`;
    try {
      await writeFile(written, content, { mode: 0o600 });
      await rename(written, path);
    } catch (error) {
      await rm(written, { force: true });
      this.#log.warn("a chart could not be cached", { path, error: String(error) });
      return;
    }
    this.#kept.set(name, { bytes: content.length, usedMs: 0 });
    this.#bytes += content.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      await this.#remove(oldest);
    }
  }

  async #remove(name: string): Promise<void> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#kept.delete(name);
    this.#bytes -= kept.bytes;
    await rm(join(this.#directory, name), { force: true });
  }
}
