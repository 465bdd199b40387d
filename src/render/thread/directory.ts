import { MooringError } from "#core/errors/index.ts";
import type { DirectorySource } from "#ports/renderer.ts";
import { addObjects } from "./add-objects.ts";
import { decodeText } from "./decode-text.ts";
import type { FileAccess } from "./file-access.ts";
import { compileGlob } from "./glob.ts";
import { evaluateJsonnet } from "./jsonnet.ts";
import { ManifestError } from "./manifest-error.ts";
import { openRoot } from "./open-root.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { ToolContext, ToolOutput } from "./tool.ts";

const suffixes = [".yaml", ".yml", ".json", ".jsonnet"];
/** A file holding this text anywhere is not rendered (Argo CD, user guide "Directory"). */
const skipMarker = "+argocd:skip-file-rendering";

/**
 * Plain manifests: files ending in .yaml, .yml, .json or .jsonnet (lowercase, as in Argo CD) below the path, each
 * directory in byte order of names. `exclude` wins over `include`; both see the path relative to the source path.
 * Symbolic links to files are followed inside the repository; links to directories and submodules are not entered.
 */
export function renderDirectory(context: ToolContext, source: DirectorySource): ToolOutput {
  const { files, job } = context;
  const root = openRoot(context);
  const found = findFiles(files, { path: job.path, root, source, selects: compileSelection(source) });
  const contents = files.readAll(
    found.map((file) => file.realPath),
    job.limits,
  );
  const output: ToolOutput = { sourceType: "Directory", objects: [] };
  found.forEach((file, index) => {
    files.checkStopped();
    const text = decodeIfManifest(file.path, contents[index] ?? new Uint8Array());
    if (text === undefined) return;
    if (!file.path.endsWith(".jsonnet")) return readObjects(file.path, text, { output, job });
    const value = evaluateJsonnet(context, source, file);
    addObjects(value, { file: file.path, line: 1 }, { output, job });
  });
  return output;
}

export interface FoundFile {
  /** As the user sees it. */
  readonly path: string;
  /** After following symbolic links. */
  readonly realPath: string;
}

interface Search {
  /** The render's path as the user sees it, and without symbolic links. */
  readonly path: string;
  readonly root: string;
  readonly source: DirectorySource;
  readonly selects: (relative: string) => boolean;
}

/** Directories below one another that are entered; real trees are far shallower. */
const maxDirectoryDepth = 100;

function findFiles(files: FileAccess, search: Search): FoundFile[] {
  const found: FoundFile[] = [];
  const { recurse, disableExtensionFilter } = search.source;
  const filter = { suffixes: disableExtensionFilter === true ? [] : suffixes, directories: recurse };
  const visit = (relative: string, depth: number): void => {
    if (depth > maxDirectoryDepth) {
      throw new MooringError("RENDER_TOO_LARGE", `${relative}: directories are nested too deeply`);
    }
    const entries = files.list(join(search.root, relative), filter) ?? [];
    for (const entry of entries) {
      const here = join(relative, entry.name);
      if (entry.type === "directory") visit(here, depth + 1);
      else if (entry.type !== "submodule" && search.selects(here)) {
        const realPath = join(search.root, here);
        const real = entry.type === "file" ? { path: realPath } : followLink(files, realPath);
        if (real !== undefined) found.push({ path: join(search.path, here), realPath: real.path });
      }
    }
  };
  visit("", 0);
  return found;
}

/** The file behind a link; undefined for a link to a directory, which Argo CD does not enter either. */
function followLink(files: FileAccess, path: string): { readonly path: string } | undefined {
  const resolved = files.resolve(path);
  if (resolved === undefined) {
    throw new MooringError(
      "RENDER_INVALID",
      `${path}: symbolic link points to nothing; repair it, remove it or exclude it`,
    );
  }
  return resolved.entry.type === "file" ? resolved : undefined;
}

function join(directory: string, name: string): string {
  if (directory === "") return name;
  return name === "" ? directory : `${directory}/${name}`;
}

function compileSelection(source: DirectorySource): (relative: string) => boolean {
  const compile = (field: "include" | "exclude") => {
    try {
      return compileGlob(source[field]);
    } catch (error) {
      const reason = error instanceof SyntaxError ? error.message : "it is not valid";
      throw new MooringError("RENDER_INVALID", `directory.${field}: ${reason}; correct the glob`, {
        cause: error,
      });
    }
  };
  const included = source.include === "" ? () => true : compile("include");
  const excluded = source.exclude === "" ? () => false : compile("exclude");
  return (relative) => !excluded(relative) && included(relative);
}

function decodeIfManifest(path: string, bytes: Uint8Array): string | undefined {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (raw.includes(skipMarker)) return undefined;
  const text = decodeText(path, bytes);
  return text.includes(skipMarker) ? undefined : text;
}

interface Reading {
  readonly output: ToolOutput;
  readonly job: ToolContext["job"];
}

function readObjects(file: string, text: string, reading: Reading): void {
  const { maxDepth } = reading.job.limits;
  if (file.endsWith(".json")) {
    addObjects(parseJson(file, text, maxDepth), { file, line: 1 }, reading);
    return;
  }
  const before = reading.output.objects.length;
  try {
    for (const document of parseYaml(file, text.replaceAll(/\r\n?/g, "\n"), maxDepth)) {
      const { line, number } = document;
      addObjects(document.value, { file, line, document: number }, reading);
    }
  } catch (error) {
    const isForeign = reading.output.objects.length === before && !looksLikeManifest(text);
    if (!(error instanceof ManifestError && isForeign)) throw error;
  }
}

/**
 * Values files, CI definitions and the like lie beside manifests, and Argo CD passes over a YAML file that it cannot read
 * when it lacks one of these words. A file with two of them at the left edge is taken for a broken manifest all the
 * same: passing over it would prune its objects.
 */
function looksLikeManifest(text: string): boolean {
  const words = ["apiVersion:", "kind:", "metadata:"];
  if (words.every((word) => text.includes(word))) return true;
  return words.filter((word) => text.startsWith(word) || text.includes(`\n${word}`)).length >= 2;
}
