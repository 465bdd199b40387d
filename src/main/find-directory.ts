import { lstat, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { LocalDirectory } from "#cli/ports.ts";
import { openDirectoryTree } from "#git/index.ts";

/**
 * A directory of this machine with the Git work tree around it, or with `within` in place of that; undefined when it is not there, or
 * not in there.
 */
export async function findDirectory(directory: string, within?: string): Promise<LocalDirectory | undefined> {
  if (!(await isDirectory(directory))) return undefined;
  if (within !== undefined && !(await isDirectory(within))) return undefined;
  const real = await realpath(directory);
  const around = within === undefined ? await findWorkTree(real) : await realpath(within);
  const root = around ?? real;
  const below = path.relative(root, real).split(path.sep).join("/");
  if (below === ".." || below.startsWith("../")) return undefined;
  return { root, inGit: around !== undefined, tree: openDirectoryTree(root), path: below };
}

async function isDirectory(directory: string): Promise<boolean> {
  const found = await ifThere(stat(directory));
  return found?.isDirectory() === true;
}

async function findWorkTree(from: string): Promise<string | undefined> {
  for (let at = from; ; at = path.dirname(at)) {
    if ((await ifThere(lstat(path.join(at, ".git")))) !== undefined) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
