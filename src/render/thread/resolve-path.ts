import { MooringError } from "#core/errors/index.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import type { FileAccess } from "./file-access.ts";

/** Linux gives up after as many links (ELOOP). */
const maxLinks = 40;
const maxTargetBytes = 4096;

export interface ResolvedPath {
  /** Path without symbolic links. */
  readonly path: string;
  readonly entry: TreeEntry;
}

/**
 * Follows symbolic links inside the tree. Undefined when nothing is there; throws RENDER_INVALID naming the path when a
 * link is absolute, climbs out of the tree or runs in a circle: nothing outside the repository is ever read.
 */
export function resolvePath(files: FileAccess, path: string): ResolvedPath | undefined {
  const direct = files.stat(path);
  if (direct !== undefined && direct.type !== "symlink") return { path, entry: direct };
  return walk(files, path);
}

function walk(files: FileAccess, path: string): ResolvedPath | undefined {
  const pending = path.split("/").toReversed();
  const done: string[] = [];
  let links = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (done.pop() === undefined) throw outside(path);
      continue;
    }
    const here = [...done, part].join("/");
    const entry = files.stat(here);
    if (entry === undefined) return undefined;
    if (entry.type !== "symlink") {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > maxLinks) {
      throw new MooringError("RENDER_INVALID", `${path}: symbolic links run in a circle; remove one of them`);
    }
    const target = readTarget(files, here);
    if (target.startsWith("/")) throw outside(path);
    pending.push(...target.split("/").toReversed());
  }
  const resolved = done.join("/");
  const entry = files.stat(resolved);
  return entry === undefined ? undefined : { path: resolved, entry };
}

function readTarget(files: FileAccess, link: string): string {
  const [content] = files.readAll([link], { maxFileBytes: maxTargetBytes, maxTotalBytes: maxTargetBytes });
  return new TextDecoder().decode(content);
}

function outside(path: string): MooringError {
  return new MooringError(
    "RENDER_INVALID",
    `${path}: symbolic link leads out of the repository; replace it by a copy of the file or exclude it`,
  );
}
