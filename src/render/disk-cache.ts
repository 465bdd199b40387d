import { createHash, randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import * as nodeFiles from "node:fs/promises";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "#core/errors/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { Log } from "#runtime/log.ts";

/**
 * Files by name, bounded in bytes, the least recently used removed first. Its loss costs time only, so it never throws. Several
 * processes may use one directory: each sees what the others wrote, and bounds what it has seen itself.
 */
export interface DiskCache {
  /** Undefined when absent; a truncated or altered file counts as absent and is removed. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, content: Uint8Array): Promise<void>;
}

export interface DiskCacheOptions {
  readonly directory: string;
  readonly maxBytes: number;
  readonly log: Log;
  /** What a test lets fail, as a full disk and other processes do. */
  readonly files?: CacheFiles;
}

type CacheFiles = Pick<typeof nodeFiles, "stat" | "utimes" | "writeFile">;

/** Every file begins with the SHA-256 of the rest in hex and a newline. */
const headerBytes = 65;
const nameForm = /^[a-z]-[0-9a-f]{64}$/;
const temporaryForm = /^tmp-/;
const staleTemporaryMs = 60_000;

/** Opens the directory, created when missing. */
export async function openDiskCache(options: DiskCacheOptions): Promise<DiskCache> {
  const cache = new Directory(options);
  await cache.open();
  return cache;
}

class Directory implements DiskCache {
  readonly #options: DiskCacheOptions;
  readonly #files: CacheFiles;
  /** Bytes by name, least recently used first. */
  readonly #sizes = new Map<string, number>();
  #totalBytes = 0;
  /** A disk that is full or read-only is told of once, not with every render. */
  #writable = true;

  constructor(options: DiskCacheOptions) {
    this.#options = options;
    this.#files = options.files ?? nodeFiles;
  }

  async open(): Promise<void> {
    try {
      await mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
      const found = await this.#scan();
      for (const file of found.toSorted((a, b) => a.usedAtMs - b.usedAtMs)) this.#add(file.name, file.bytes);
      await this.#evict();
    } catch (error) {
      this.#warn("the render cache cannot be opened", error);
    }
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const file = this.#fileOf(name);
    try {
      const content = await readFile(file);
      const payload = content.subarray(headerBytes);
      if (content.toString("latin1", 0, headerBytes) !== headerOf(payload)) {
        await this.#remove(name);
        return undefined;
      }
      this.#add(name, content.length);
      await this.#touch(file);
      return payload;
    } catch (error) {
      this.#forget(name);
      if (!isMissing(error)) this.#warn("a cached render cannot be read", error);
      return undefined;
    }
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    const bytes = content.length + headerBytes;
    if (bytes > this.#options.maxBytes) return;
    // Processes in containers of their own may have the same id.
    const temporary = path.join(this.#options.directory, `tmp-${randomUUID()}`);
    const file = this.#fileOf(name);
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await this.#files.writeFile(temporary, Buffer.concat([Buffer.from(headerOf(content)), content]), {
        mode: 0o600,
      });
      await rename(temporary, file);
      this.#writable = true;
      this.#add(name, bytes);
      await this.#evict();
    } catch (error) {
      if (this.#writable) this.#warn("renders cannot be cached", error);
      this.#writable = false;
      await this.#delete(temporary);
    }
  }

  async #scan(): Promise<{ readonly name: string; readonly bytes: number; readonly usedAtMs: number }[]> {
    const { directory } = this.#options;
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const kept = await mapLimit(files, 16, async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const found = await this.#statIfThere(file);
      if (found === undefined) return undefined;
      const { size, mtimeMs } = found;
      if (nameForm.test(entry.name)) return { name: entry.name, bytes: size, usedAtMs: mtimeMs };
      const isStale = temporaryForm.test(entry.name) && Date.now() - mtimeMs > staleTemporaryMs;
      if (isStale) await rm(file, { force: true });
      return undefined;
    });
    return kept.filter((file) => file !== undefined);
  }

  /** Undefined for what another process has removed meanwhile. */
  async #statIfThere(file: string): Promise<Stats | undefined> {
    try {
      return await this.#files.stat(file);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Notes the use of a file; of a disk that cannot be written it is still good. */
  async #touch(file: string): Promise<void> {
    const now = new Date();
    try {
      await this.#files.utimes(file, now, now);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  #fileOf(name: string): string {
    return path.join(this.#options.directory, name.slice(2, 4), name);
  }

  #add(name: string, bytes: number): void {
    this.#forget(name);
    this.#sizes.set(name, bytes);
    this.#totalBytes += bytes;
  }

  #forget(name: string): void {
    this.#totalBytes -= this.#sizes.get(name) ?? 0;
    this.#sizes.delete(name);
  }

  async #remove(name: string): Promise<void> {
    this.#forget(name);
    await this.#delete(this.#fileOf(name));
  }

  async #delete(file: string): Promise<void> {
    try {
      await rm(file, { force: true });
    } catch (error) {
      if (this.#writable) this.#warn("a cached render cannot be removed", error);
    }
  }

  async #evict(): Promise<void> {
    for (const name of this.#sizes.keys()) {
      if (this.#totalBytes <= this.#options.maxBytes) return;
      await this.#remove(name);
    }
  }

  #warn(message: string, error: unknown): void {
    this.#options.log.warn(message, { directory: this.#options.directory, error: messageOf(error) });
  }
}

function headerOf(payload: Uint8Array): string {
  return `${createHash("sha256").update(payload).digest("hex")}\n`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
