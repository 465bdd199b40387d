import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";

const maxDepth = 100;
const maxLinkBytes = 4096;

export interface WriteTreeOptions {
  /** Of the files together. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Writes the files of a tree into a directory, which must be empty. Symbolic links are written when they stay inside of it; one that
 * leads out is an error, whether or not something would follow it. Throws RENDER_INVALID and RENDER_TOO_LARGE naming the path.
 */
export async function writeTree(
  tree: SourceTree,
  directory: string,
  options: WriteTreeOptions,
): Promise<void> {
  await writeDirectory({ tree, directory, options, bytes: 0 }, "", 0);
}

interface Writing {
  readonly tree: SourceTree;
  readonly directory: string;
  readonly options: WriteTreeOptions;
  bytes: number;
}

async function writeDirectory(writing: Writing, path: string, depth: number): Promise<void> {
  if (depth > maxDepth)
    throw new MooringError("RENDER_TOO_LARGE", `${path}: directories are nested too deeply`);
  for (const entry of (await writing.tree.list(path, writing.options.signal)) ?? []) {
    if (!isPlainName(entry.name)) {
      throw new MooringError(
        "RENDER_INVALID",
        `${path}: holds an entry that no file system can name; rename it`,
      );
    }
    const here = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.type !== "directory") await writeEntry(writing, here, entry);
    else {
      await mkdir(join(writing.directory, here));
      await writeDirectory(writing, here, depth + 1);
    }
  }
}

/** Git refuses such names, but a tree may be made by hand. */
function isPlainName(name: string): boolean {
  return (
    name !== "" && name !== "." && name !== ".." && name.toLowerCase() !== ".git" && !/[/\\\0]/u.test(name)
  );
}

async function writeEntry(writing: Writing, path: string, entry: TreeEntry): Promise<void> {
  const target = join(writing.directory, path);
  if (entry.type === "submodule") {
    await mkdir(target);
    return;
  }
  const { maxBytes, signal } = writing.options;
  const content = await writing.tree.read(path, {
    maxBytes: entry.type === "symlink" ? maxLinkBytes : maxBytes,
    signal,
  });
  if (entry.type === "symlink") {
    await symlink(insideTarget(path, new TextDecoder().decode(content)), target);
    return;
  }
  writing.bytes += content.length;
  if (writing.bytes > maxBytes) {
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `${path}: the files of the repository are together larger than the limit of ${maxBytes} bytes; raise the limit, or do without an own version of the tool`,
    );
  }
  await writeFile(target, content);
  if (entry.executable) await chmod(target, 0o755);
}

/**
 * The target without a step down that a step up takes back: where the step down is a link itself, the file system goes up from
 * where that leads, which may be outside.
 */
function insideTarget(path: string, target: string): string {
  const from = posix.dirname(path);
  const leads = posix.normalize(posix.join(from, target));
  if (posix.isAbsolute(target) || leads === ".." || leads.startsWith("../")) {
    throw new MooringError(
      "RENDER_INVALID",
      `${path}: symbolic link leads out of the repository; replace it by a copy of the file`,
    );
  }
  return posix.relative(from, leads) || ".";
}
