import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export const commitRefs = "refs/mooring/commits";
/** Of commits that were prepared and that nobody else may have. */
export const preparedRefs = "refs/mooring/prepared";
/** Of commits that are being written. */
export const writingRefs = "refs/mooring/writing";

export function mirrorNameOf(identity: string, objectFormat: "sha1" | "sha256"): string {
  const name = createHash("sha256").update(identity).digest("hex").slice(0, 40);
  return objectFormat === "sha1" ? name : `${name}-sha256`;
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Removes what a killed git leaves behind: lock files that nobody holds and half-received packs. */
export async function removeLeftovers(mirror: string): Promise<void> {
  for (const directory of [mirror, join(mirror, "refs")]) {
    await removeLocks(directory, directory !== mirror);
  }
  await Promise.all((await temporaryPacks(mirror)).map((path) => rm(path, { force: true, recursive: true })));
}

async function removeLocks(directory: string, recursive: boolean): Promise<void> {
  for (const entry of await entriesOf(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && recursive) await removeLocks(path, true);
    else if (entry.isFile() && entry.name.endsWith(".lock")) await rm(path, { force: true });
  }
}

async function temporaryPacks(mirror: string): Promise<string[]> {
  const packs = join(mirror, "objects", "pack");
  const names = (await entriesOf(packs)).map((entry) => entry.name);
  return names.filter((name) => /^\.?tmp[_-]/.test(name)).map((name) => join(packs, name));
}

/** Bytes received by fetches that have not ended. */
export async function receivingBytes(mirror: string): Promise<number> {
  let total = 0;
  for (const path of await temporaryPacks(mirror)) {
    // It may be renamed to its final name at any moment.
    total += await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return total;
}

export async function countPacks(mirror: string): Promise<number> {
  const names = (await entriesOf(join(mirror, "objects", "pack"))).map((entry) => entry.name);
  return names.filter((name) => name.endsWith(".pack")).length;
}

/** Whether git would take the directory for a repository; a crash can leave less. */
export async function isRepository(mirror: string): Promise<boolean> {
  const names = new Set((await entriesOf(mirror)).map((entry) => entry.name));
  return ["HEAD", "config", "objects", "refs"].every((name) => names.has(name));
}

/** The commits that are there whole: each has a ref, which git writes last. A ref torn by a power failure is removed. */
export async function readCommitRefs(mirror: string, refs: string = commitRefs): Promise<string[]> {
  const commits: string[] = [];
  for (const { name } of await entriesOf(join(mirror, refs))) {
    const path = join(mirror, refs, name);
    if ((await readFile(path, "latin1")).trim() === name) commits.push(name);
    else await rm(path, { force: true });
  }
  return commits;
}

/** Removes the refs of commits that were prepared before a moment; gives the commits. */
export async function removeOldPrepared(mirror: string, beforeMs: number): Promise<string[]> {
  const removed: string[] = [];
  for (const commit of await readCommitRefs(mirror, preparedRefs)) {
    const path = join(mirror, preparedRefs, commit);
    if ((await stat(path)).mtimeMs >= beforeMs) continue;
    await rm(path, { force: true });
    removed.push(commit);
  }
  return removed;
}
