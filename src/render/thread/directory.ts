import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { DirectorySource } from "#ports/renderer.ts";
import type { RenderJob } from "../protocol.ts";
import { collectObjects } from "./collect-objects.ts";
import { decodeText } from "./decode-text.ts";
import type { Decryption } from "./decrypt.ts";
import type { FileAccess } from "./file-access.ts";
import { compileGlob } from "./glob.ts";
import type { Position } from "./manifest-error.ts";
import { ManifestError } from "./manifest-error.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";
import { resolvePath } from "./resolve-path.ts";
import type { ToolOutput } from "./tool.ts";

const suffixes = [".yaml", ".yml", ".json", ".jsonnet"];
/** A file holding this text anywhere is not rendered (Argo CD, user guide "Directory"). */
const skipMarker = "+argocd:skip-file-rendering";

/**
 * Plain manifests: files ending in .yaml, .yml or .json (lowercase, as in Argo CD) below the path, each directory in
 * byte order of names. `exclude` wins over `include`; both see the path relative to the source path. Symbolic links to
 * files are followed inside the repository; links to directories and submodules are not entered.
 */
export function renderDirectory(
  files: FileAccess,
  job: RenderJob & { readonly source: DirectorySource },
  decryption: Decryption,
): ToolOutput {
  const root = openRoot(files, job);
  const found = findFiles(files, { job, root, selects: compileSelection(job.source) });
  const jsonnet = found.find((file) => file.path.endsWith(".jsonnet"));
  if (jsonnet !== undefined) {
    throw new MooringError(
      "RENDER_UNSUPPORTED",
      `${jsonnet.path}: Jsonnet is not supported yet; exclude it with directory.exclude`,
    );
  }
  const contents = files.readAll(
    found.map((file) => file.realPath),
    job.limits,
  );
  const output: ToolOutput = { sourceType: "Directory", objects: [] };
  found.forEach((file, index) => {
    files.checkStopped();
    const content = contents[index] ?? new Uint8Array();
    const text = decodeIfManifest(file.path, content);
    if (text === undefined) return;
    // SOPS leaves names of fields as they are. Other files need no key: they are passed over.
    const isManifest = file.path.endsWith(".json") || looksLikeManifest(text);
    const plain = isManifest ? decryption.file(file.realPath, content) : content;
    readObjects(file.path, plain === content ? text : decodeText(file.path, plain), { output, job });
  });
  return output;
}

interface Root {
  readonly path: string;
}

function openRoot(files: FileAccess, job: RenderJob): Root {
  const name = job.path === "" ? "." : job.path;
  const resolved = resolvePath(files, job.path);
  if (resolved === undefined) {
    throw new MooringError(
      "RENDER_PATH_NOT_FOUND",
      `${name}: app path does not exist in revision ${job.revision}; correct the path or add the directory`,
    );
  }
  if (resolved.entry.type !== "directory") {
    throw new MooringError(
      "RENDER_PATH_NOT_FOUND",
      `${name}: app path is not a directory in revision ${job.revision}; use the directory that holds the manifests`,
    );
  }
  return resolved;
}

interface FoundFile {
  /** As the user sees it. */
  readonly path: string;
  /** After following symbolic links. */
  readonly realPath: string;
}

interface Search {
  readonly job: RenderJob & { readonly source: DirectorySource };
  readonly root: Root;
  readonly selects: (relative: string) => boolean;
}

/** Directories below one another that are entered; real trees are far shallower. */
const maxDirectoryDepth = 100;

function findFiles(files: FileAccess, search: Search): FoundFile[] {
  const found: FoundFile[] = [];
  const { recurse } = search.job.source;
  const visit = (relative: string, depth: number): void => {
    if (depth > maxDirectoryDepth) {
      throw new MooringError("RENDER_TOO_LARGE", `${relative}: directories are nested too deeply`);
    }
    const entries = files.list(join(search.root.path, relative), { suffixes, directories: recurse }) ?? [];
    for (const entry of entries) {
      const here = join(relative, entry.name);
      if (entry.type === "directory") visit(here, depth + 1);
      else if (entry.type !== "submodule" && search.selects(here)) {
        const realPath = join(search.root.path, here);
        const real = entry.type === "file" ? { path: realPath } : followLink(files, realPath);
        if (real !== undefined) found.push({ path: join(search.job.path, here), realPath: real.path });
      }
    }
  };
  visit("", 0);
  return found;
}

/** The file behind a link; undefined for a link to a directory, which Argo CD does not enter either. */
function followLink(files: FileAccess, path: string): { readonly path: string } | undefined {
  const resolved = resolvePath(files, path);
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
  readonly job: RenderJob;
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

function addObjects(value: JsonValue, position: Position, { output, job }: Reading): void {
  for (const object of collectObjects(value, position)) {
    if (output.objects.length === job.limits.maxObjects) {
      throw new ManifestError(
        position,
        `more than ${job.limits.maxObjects} objects in one render; split the application`,
        "RENDER_TOO_LARGE",
      );
    }
    output.objects.push({ object, origin: `${position.file}#${position.document ?? 1}` });
  }
}
