import { createHash, randomUUID } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

/** Larger files are told apart by inode, size and time: they are no manifests. */
const hashedBytes = 64n * 1024n * 1024n;

/** The files of a local directory as they are now, its `.git` left out. Throws what the file system throws when it cannot be read. */
export function openDirectoryTree(directory: string): SourceTree {
  return new DirectoryTree(directory);
}

class DirectoryTree implements SourceTree {
  readonly revision = createHash("sha1").update(randomUUID()).digest("hex");
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async stat(path: string, signal: AbortSignal): Promise<TreeEntry | undefined> {
    signal.throwIfAborted();
    const found = await this.#find(path);
    return found === undefined ? undefined : this.#entryOf(path, found);
  }

  async list(path: string, signal: AbortSignal): Promise<readonly TreeEntry[] | undefined> {
    signal.throwIfAborted();
    const found = await this.#find(path);
    if (found?.isDirectory() !== true) return undefined;
    const names = (await readdir(this.#locate(path))).toSorted(byCodeUnits);
    const entries = await Promise.all(
      names.map((name) => this.stat(path === "" ? name : `${path}/${name}`, signal)),
    );
    return entries.filter((entry) => entry !== undefined);
  }

  async read(
    path: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    const found = await this.#find(path);
    if (found?.isSymbolicLink() === true)
      return new Uint8Array(Buffer.from(await readlink(this.#locate(path))));
    if (found?.isFile() !== true) throw new MooringError("GIT_PATH_NOT_FOUND", `${path}: no such file`);
    const tooLarge = () => new MooringError("GIT_TOO_LARGE", `${path}: larger than ${maxBytes} bytes`);
    if (found.size > BigInt(maxBytes)) throw tooLarge();
    await using file = await open(this.#locate(path));
    // One byte more than allowed: a file may grow while it is read.
    const buffer = Buffer.alloc(Math.min(Number(found.size), maxBytes) + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > maxBytes) throw tooLarge();
    return new Uint8Array(buffer.subarray(0, bytesRead));
  }

  #locate(path: string): string {
    return join(this.#directory, path);
  }

  /** Step by step: nothing behind a symbolic link is in the tree, wherever it leads. */
  async #find(path: string): Promise<BigIntStats | undefined> {
    const steps = path === "" ? [] : path.split("/");
    if (steps[0] === ".git" || steps.some((step) => step === "" || step === "." || step === ".."))
      return undefined;
    let stats = await lstatIfThere(this.#directory, true);
    for (let i = 0; i < steps.length; i += 1) {
      if (stats?.isDirectory() !== true) return undefined;
      stats = await lstatIfThere(this.#locate(steps.slice(0, i + 1).join("/")), false);
    }
    return stats;
  }

  /** The id is worked out when it is asked for: that of a directory takes reading all that is below it. */
  #entryOf(path: string, stats: BigIntStats): TreeEntry | undefined {
    const type = typeOf(stats);
    if (type === undefined) return undefined;
    const name = path.split("/").at(-1) ?? "";
    const executable = type === "file" && (stats.mode & 0o111n) !== 0n;
    const location = this.#locate(path);
    let known: string | undefined;
    return Object.defineProperty({ name, type, oid: "", executable }, "oid", {
      enumerable: true,
      get: () => (known ??= idOf(location, stats, path === "")),
    });
  }
}

function typeOf(stats: BigIntStats): "file" | "directory" | "symlink" | undefined {
  if (stats.isDirectory()) return "directory";
  if (stats.isFile()) return "file";
  return stats.isSymbolicLink() ? "symlink" : undefined;
}

function idOf(location: string, stats: BigIntStats, isRoot: boolean): string {
  const hash = createHash("sha1");
  if (stats.isSymbolicLink()) return hash.update(`link ${readlinkSync(location)}`).digest("hex");
  if (!stats.isDirectory()) {
    if (stats.size <= hashedBytes) return hash.update("file ").update(readFileSync(location)).digest("hex");
    return hash
      .update([stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" "))
      .digest("hex");
  }
  for (const name of readdirSync(location).toSorted(byCodeUnits)) {
    if (isRoot && name === ".git") continue;
    const below = join(location, name);
    const found = lstatSync(below, { bigint: true });
    const type = typeOf(found);
    if (type === undefined) continue;
    const executable = type === "file" && (found.mode & 0o111n) !== 0n;
    hash.update(`${type} ${executable} ${name}\0${idOf(below, found, false)}\n`);
  }
  return hash.digest("hex");
}

async function lstatIfThere(path: string, isRoot: boolean): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!isRoot && (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG")) return undefined;
    throw error;
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
