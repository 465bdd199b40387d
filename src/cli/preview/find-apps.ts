import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, isKubeObject, parseApiVersion } from "#core/object/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import { parseSmallDocuments } from "#runtime/small-documents.ts";

/** An Application as a file declares it. */
export interface DeclaredApp {
  readonly file: string;
  readonly line: number;
  /** `namespace/name`, or the name alone where no namespace is written. */
  readonly name: string;
  /** Undefined where its declaration is wrong. */
  readonly app: Application | undefined;
  readonly problem: string | undefined;
}

export interface DeclaredFile {
  readonly apps: readonly DeclaredApp[];
  /** ApplicationSets, whose Applications nobody knows without a hub. */
  readonly sets: number;
  /** Why the file cannot be read. */
  readonly problem: string | undefined;
}

/** By path and object id: most files are the same on both sides. */
export type FileCache = Map<string, DeclaredFile>;

const maxFileBytes = 1024 * 1024;
const manifest = /\.(?:ya?ml|json)$/u;

/** The Applications that files of the tree declare, by path. Symbolic links are not followed: what they lead to is found where it is. */
export async function findApps(
  tree: SourceTree,
  cache: FileCache,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DeclaredFile>> {
  const found = new Map<string, DeclaredFile>();
  const visit = async (directory: string): Promise<void> => {
    for (const entry of (await tree.list(directory, signal)) ?? []) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.type === "directory") await visit(path);
      if (entry.type !== "file" || !manifest.test(entry.name)) continue;
      const file = await readApps({ tree, path, entry, cache, signal });
      if (file.apps.length + file.sets > 0 || file.problem !== undefined) found.set(path, file);
    }
  };
  await visit("");
  return found;
}

interface Place {
  readonly tree: SourceTree;
  readonly path: string;
  readonly entry: TreeEntry;
  readonly cache: FileCache;
  readonly signal: AbortSignal;
}

async function readApps({ tree, path, entry, cache, signal }: Place): Promise<DeclaredFile> {
  const name = `${path}\0${entry.oid}`;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const file = parseApps(path, await readText(tree, path, signal));
  cache.set(name, file);
  return file;
}

/** Nothing for a file that is larger than any declaration. */
async function readText(tree: SourceTree, path: string, signal: AbortSignal): Promise<string> {
  try {
    return new TextDecoder().decode(await tree.read(path, { maxBytes: maxFileBytes, signal }));
  } catch (error) {
    if (isMooringError(error, "GIT_TOO_LARGE")) return "";
    throw error;
  }
}

const declares = /^[ \t"'{]*kind["']?:[ \t]*["']?Application["']?[ \t]*,?[ \t]*$/mu;

function parseApps(path: string, text: string): DeclaredFile {
  if (!text.includes("argoproj.io/") || !text.includes("Application"))
    return { apps: [], sets: 0, problem: undefined };
  try {
    const values = parseSmallDocuments(text, path).flatMap(({ value, line }) =>
      itemsOf(value).map((item) => ({ item, line })),
    );
    return {
      apps: values.flatMap(({ item, line }) => declared(item, path, line)),
      sets: values.filter(({ item }) => isArgo(item, "ApplicationSet")).length,
      problem: undefined,
    };
  } catch (error) {
    if (!isMooringError(error, "RENDER_INVALID")) throw error;
    // A template of a chart is no declaration.
    const problem = declares.test(text) && !text.includes("{{") ? error.message : undefined;
    return { apps: [], sets: 0, problem };
  }
}

function itemsOf(value: JsonValue): readonly JsonValue[] {
  if (!isJsonObject(value) || value["kind"] !== "List") return [value];
  return isJsonArray(value["items"]) ? value["items"] : [];
}

function declared(value: JsonValue, file: string, line: number): readonly DeclaredApp[] {
  if (!isArgo(value, "Application")) return [];
  const { name, namespace } = value.metadata;
  const shown = typeof name === "string" ? name : "(without a name)";
  const place = { file, line, name: typeof namespace === "string" ? `${namespace}/${shown}` : shown };
  try {
    return [{ ...place, app: parseApplication(value), problem: undefined }];
  } catch (error) {
    return [{ ...place, app: undefined, problem: `${file}:${line}: ${messageOf(error)}` }];
  }
}

function isArgo(value: JsonValue, kind: string): value is KubeObject {
  return (
    isKubeObject(value) && value.kind === kind && parseApiVersion(value.apiVersion).group === "argoproj.io"
  );
}
