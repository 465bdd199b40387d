import { MooringError } from "#core/errors/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ResolvedPath } from "./follow-links.ts";
import { followLinks } from "./follow-links.ts";
import type { BudgetedRead } from "./read-limited.ts";
import { readConcurrency, readWithin } from "./read-limited.ts";

/** Far above real charts; links to directories could otherwise multiply without end. */
const maxEntries = 10_000;
const maxDepth = 100;

export interface WalkedFile {
  /** Relative to the directory that was walked. */
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * Every file below a directory with its content, in byte order of paths. Links are followed inside the tree; submodules
 * are passed over. The directory is recorded as a whole, and what links outside of it reach by itself.
 */
export async function walkFiles(at: BudgetedRead, directory: ResolvedPath): Promise<WalkedFile[]> {
  at.tree.coverTree(directory.path, directory.entry);
  const found: FoundFile[] = [];
  await visit({ ...at, found, open: new Set([directory.path]), count: { entries: 0 } }, directory.path, "");
  found.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return mapLimit(found, readConcurrency, async ({ path, realPath }) => ({
    path,
    content: await readWithin(at, realPath),
  }));
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly realPath: string;
}

interface Visit extends BudgetedRead {
  readonly found: FoundFile[];
  /** Directories that are being visited: a link to one of them would never end. */
  readonly open: Set<string>;
  readonly count: { entries: number };
}

async function visit(at: Visit, realPath: string, path: string): Promise<void> {
  if (at.open.size > maxDepth) throw new MooringError("RENDER_TOO_LARGE", `${realPath}: nested too deeply`);
  for (const entry of (await at.tree.listCovered(realPath, at.signal)) ?? []) {
    const here = join(path, entry.name);
    const real = join(realPath, entry.name);
    if (entry.type === "file") addFile(at, here, real);
    else if (entry.type === "directory") await enter(at, real, here);
    else if (entry.type === "symlink") await followAndVisit(at, real, here);
  }
}

async function followAndVisit(at: Visit, link: string, path: string): Promise<void> {
  const target = await followLinks(at.tree, link, at.signal);
  if (target === undefined) {
    throw new MooringError(
      "RENDER_INVALID",
      `${link}: symbolic link points to nothing; repair it or remove it`,
    );
  }
  if (target.entry.type === "file") addFile(at, path, target.path);
  else if (target.entry.type === "directory") {
    at.tree.coverTree(target.path, target.entry);
    await enter(at, target.path, path);
  }
}

async function enter(at: Visit, realPath: string, path: string): Promise<void> {
  if (at.open.has(realPath)) {
    throw new MooringError(
      "RENDER_INVALID",
      `${realPath}: symbolic links run in a circle; remove one of them`,
    );
  }
  countEntry(at, realPath);
  at.open.add(realPath);
  await visit(at, realPath, path);
  at.open.delete(realPath);
}

function addFile(at: Visit, path: string, realPath: string): void {
  countEntry(at, realPath);
  at.found.push({ path, bytes: Buffer.from(path), realPath });
}

function countEntry(at: Visit, realPath: string): void {
  at.count.entries += 1;
  if (at.count.entries <= maxEntries) return;
  throw new MooringError(
    "RENDER_TOO_LARGE",
    `${realPath}: more than ${maxEntries} files in one directory tree`,
  );
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
