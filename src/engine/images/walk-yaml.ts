import { TextDecoder } from "node:util";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";

/** Larger files are no manifests that people write. */
const maxFileBytes = 8 * 1024 * 1024;
const maxFiles = 100_000;
/** Of tools, and never of a repository. */
const ignored: ReadonlySet<string> = new Set([".git", "node_modules"]);

export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/** The YAML files of a tree below a path, or the file itself, in an order that stays. Throws CONFIG_NOT_FOUND when it is not there. */
export async function* walkYaml(
  tree: SourceTree,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<FoundFile> {
  const root = await tree.stat(path, signal);
  if (root === undefined)
    throw new MooringError(
      "CONFIG_NOT_FOUND",
      `path ${path}: is not in the repository; correct --in, or spec.git.paths`,
    );
  const files = root.type === "directory" ? namesBelow(tree, path, signal) : [path];
  let count = 0;
  for await (const name of files) {
    count += 1;
    if (count > maxFiles)
      throw new MooringError(
        "CONFIG_INVALID",
        `path ${path}: has more than ${maxFiles} YAML files below it; name directories in it`,
      );
    const text = await readText(tree, name, signal);
    if (text !== undefined) yield { path: name, text };
  }
}

async function* namesBelow(tree: SourceTree, at: string, signal: AbortSignal): AsyncGenerator<string> {
  const pending = [at];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const entries = (await tree.list(next, signal)) ?? [];
    const directories: string[] = [];
    for (const { name, type } of entries) {
      const below = next === "" ? name : `${next}/${name}`;
      if (type === "directory" && !ignored.has(name)) directories.push(below);
      if (type === "file" && (/\.ya?ml$/u.test(name) || name === "Kustomization")) yield below;
    }
    pending.push(...directories.toReversed());
  }
}

/** Undefined for what is no text, which YAML is. */
async function readText(tree: SourceTree, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const bytes = await tree.read(path, { maxBytes: maxFileBytes, signal });
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (isMooringError(error, "GIT_TOO_LARGE") || error instanceof TypeError) return undefined;
    throw error;
  }
}
