import { TextDecoder } from "node:util";
import { isMooringError } from "#core/errors/index.ts";
import type { CliPorts, LocalDirectory } from "../ports.ts";
import { usageError } from "../usage-error.ts";

/** Larger files are no manifests that people write. */
const maxFileBytes = 8 * 1024 * 1024;
const maxFiles = 100_000;
/** Of tools, and never of a repository. */
const ignored: ReadonlySet<string> = new Set([".git", "node_modules"]);

export interface FoundFile {
  /** As it was named, with what is below it. */
  readonly path: string;
  readonly text: string;
}

/** The YAML files of a path, or the file itself, one after the other; links are not followed. Throws CLI_USAGE when it is not there. */
export async function* findYaml(path: string, ports: CliPorts): AsyncGenerator<FoundFile> {
  const directory = await ports.findDirectory(path);
  if (directory === undefined) {
    yield { path, text: await readNamed(path, ports) };
    return;
  }
  let count = 0;
  for await (const below of walk(directory, directory.path, ports.signal)) {
    count += 1;
    if (count > maxFiles)
      throw usageError(`path ${path}: has more than ${maxFiles} YAML files below it; name directories in it`);
    const text = await readBelow(directory, below, ports.signal);
    const name = directory.path === "" ? below : below.slice(directory.path.length + 1);
    if (text !== undefined) yield { path: `${path.replace(/\/+$/u, "")}/${name}`, text };
  }
}

async function readNamed(path: string, ports: CliPorts): Promise<string> {
  try {
    return await ports.readFile(path);
  } catch (error) {
    throw usageError(`path ${path}: is no file or directory that can be read; name one`, error);
  }
}

async function* walk({ tree }: LocalDirectory, at: string, signal: AbortSignal): AsyncGenerator<string> {
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
async function readBelow(
  { tree }: LocalDirectory,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const bytes = await tree.read(path, { maxBytes: maxFileBytes, signal });
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (isMooringError(error, "GIT_TOO_LARGE") || error instanceof TypeError) return undefined;
    throw error;
  }
}
