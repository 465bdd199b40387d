import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { messageOf, MooringError } from "#core/errors/index.ts";
import { isJsonObject, type JsonObject, type JsonValue, viewArray, viewString } from "#core/object/index.ts";

/** An entry of a kubeconfig's `clusters`, `users` or `contexts`, and the directory its relative paths start from. */
export interface KubeconfigEntry {
  readonly value: JsonObject;
  readonly directory: string;
}

/** One or several kubeconfig files merged as kubectl does: for each name the first file wins. */
export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, KubeconfigEntry>;
  readonly users: ReadonlyMap<string, KubeconfigEntry>;
  readonly contexts: ReadonlyMap<string, KubeconfigEntry>;
}

const maxBytes = 16 * 1024 * 1024;

/** Reads and merges kubeconfig files; with `optional`, missing ones are skipped. Throws KUBE_CONFIG_INVALID. */
export async function readKubeconfigFiles(
  paths: readonly string[],
  options: { readonly optional: boolean },
): Promise<Kubeconfig> {
  const clusters = new Map<string, KubeconfigEntry>();
  const users = new Map<string, KubeconfigEntry>();
  const contexts = new Map<string, KubeconfigEntry>();
  const files: string[] = [];
  let currentContext: string | undefined;
  for (const path of paths) {
    const file = await readOne(path, options.optional);
    if (file === undefined) continue;
    files.push(path);
    const directory = dirname(resolve(path));
    currentContext ??= nonEmpty(viewString(file, "current-context"));
    addEntries(clusters, { file, path, directory, list: "clusters", field: "cluster" });
    addEntries(users, { file, path, directory, list: "users", field: "user" });
    addEntries(contexts, { file, path, directory, list: "contexts", field: "context" });
  }
  return { files, currentContext, clusters, users, contexts };
}

async function readOne(path: string, optional: boolean): Promise<JsonObject | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw invalid(path, `is larger than ${maxBytes} bytes`);
    const value = parse(await readFile(path, "utf8"), { maxAliasCount: 100 }) as JsonValue;
    // An empty file is an empty kubeconfig to kubectl.
    if (value === null) return {};
    if (!isJsonObject(value)) throw invalid(path, "is no kubeconfig: its top level must be a map");
    return value;
  } catch (error) {
    if (error instanceof MooringError) throw error;
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing && optional) return undefined;
    if (missing) throw invalid(path, "does not exist; check --kubeconfig and KUBECONFIG", error);
    // The parser's message quotes the line, which may hold a token; its first line says what and where.
    const [reason = ""] = messageOf(error).split("\n");
    throw invalid(path, `cannot be read: ${reason}`, undefined);
  }
}

interface EntrySource {
  readonly file: JsonObject;
  readonly path: string;
  readonly directory: string;
  readonly list: string;
  readonly field: string;
}

function addEntries(into: Map<string, KubeconfigEntry>, source: EntrySource): void {
  for (const entry of viewArray(source.file, source.list)) {
    const name = viewString(entry, "name");
    const value = isJsonObject(entry) ? (entry[source.field] ?? {}) : {};
    if (name === undefined || !isJsonObject(value)) {
      throw invalid(source.path, `has an entry in ${source.list} without a name`);
    }
    if (!into.has(name)) into.set(name, { value, directory: source.directory });
  }
}

/** A file's content in an entry: the inline base64 field wins over the path field. */
export async function readInlineOrFile(entry: KubeconfigEntry, field: string): Promise<string | undefined> {
  const inline = nonEmpty(viewString(entry.value, `${field}-data`));
  if (inline !== undefined) return Buffer.from(inline, "base64").toString("utf8");
  const path = nonEmpty(viewString(entry.value, field));
  if (path === undefined) return undefined;
  const absolute = absolutePath(entry, path);
  return readFile(absolute, "utf8").catch((error: unknown) => {
    throw invalid(absolute, `named by ${field} cannot be read: ${messageOf(error)}`, error);
  });
}

export function absolutePath(entry: KubeconfigEntry, path: string): string {
  return isAbsolute(path) ? path : join(entry.directory, path);
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function invalid(path: string, what: string, cause?: unknown): MooringError {
  return new MooringError("KUBE_CONFIG_INVALID", `kubeconfig ${path} ${what}`, { cause });
}
