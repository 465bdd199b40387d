import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import type { RemoteSource } from "#ports/source-fetcher.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import { decodeQuestion, encodeMessage } from "./engine-message.ts";
import { followLinks } from "./follow-links.ts";
import type { Mounts } from "./mounts.ts";
import { stripUrl } from "./mounts.ts";
import type { BudgetedRead, ReadBudget } from "./read-limited.ts";
import { readWithin } from "./read-limited.ts";
import type { TracedTree } from "./traced-tree.ts";
import { walkFiles } from "./walk-files.ts";

const maxAddressLength = 8192;

export interface EngineFiles {
  readonly tree: TracedTree;
  readonly mounts: Mounts;
  readonly budget: ReadBudget;
}

interface Asking extends EngineFiles, BudgetedRead {}

/** Answers a question of the engine (docs/spec/render-engine.md). Throws what the tree, the fetcher and the limits say. */
export async function answerEngine(
  message: Uint8Array,
  files: EngineFiles,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const header = decodeQuestion(message);
  const at: Asking = { ...files, signal };
  const path = viewString(header, "path") ?? "";
  switch (viewString(header, "ask")) {
    case "stat":
      return encodeMessage(await statFor(at, path));
    case "list":
      return encodeMessage(await listFor(at, path));
    case "read":
      return readFor(at, path);
    case "open":
      return openFor(at, viewArray(header, "paths").map(String));
    case "walk":
      return walkFor(at, path);
    case "mount":
      return encodeMessage(await mountFor(at, parseSource(header)));
    case undefined:
    default:
      throw new Error("the render engine asks what is not in its protocol");
  }
}

/** Ends the engine's render with an error. */
export function refuseEngine({ code, message }: MooringError): Uint8Array {
  return encodeMessage({ error: { code, message } });
}

async function statFor({ tree, signal }: Asking, path: string): Promise<object> {
  const found = await followLinks(tree, path, signal);
  const type = typeOf(found?.entry);
  return { type: type ?? "missing", path: type === undefined ? path : found?.path };
}

/** A submodule has no content here, as in a clone without its submodules. */
function typeOf(entry: TreeEntry | undefined): "file" | "directory" | undefined {
  return entry?.type === "file" || entry?.type === "directory" ? entry.type : undefined;
}

const everything = { suffixes: [], directories: true };

async function listFor({ tree, signal }: Asking, path: string): Promise<object> {
  const found = await followLinks(tree, path, signal);
  if (found?.entry.type !== "directory") return { missing: true };
  const entries: { name: string; type: "file" | "directory" }[] = [];
  for (const entry of (await tree.list(found.path, everything, signal)) ?? []) {
    const { name } = entry;
    const target =
      entry.type === "symlink"
        ? (await followLinks(tree, found.path === "" ? name : `${found.path}/${name}`, signal))?.entry
        : entry;
    const type = typeOf(target);
    if (type !== undefined) entries.push({ name, type });
  }
  return { entries };
}

async function readFor(at: Asking, path: string): Promise<Uint8Array> {
  const found = await followLinks(at.tree, path, at.signal);
  if (found?.entry.type !== "file") return encodeMessage({ missing: true });
  const content = await readWithin(at, found.path);
  return encodeMessage({ size: content.length }, content);
}

/** One after the other, so that the same file is always the first that a limit forbids. */
async function openFor(at: Asking, paths: readonly string[]): Promise<Uint8Array> {
  const found: object[] = [];
  const contents: Uint8Array[] = [];
  for (const path of paths) {
    const { head, content } = await openOne(at, path);
    found.push(head);
    if (content !== undefined) contents.push(content);
  }
  return encodeMessage({ found }, ...contents);
}

/** What is wrong with one path is said of that path: the engine may never come to it. */
async function openOne(at: Asking, path: string): Promise<{ head: object; content?: Uint8Array }> {
  try {
    const found = await followLinks(at.tree, path, at.signal);
    const type = typeOf(found?.entry);
    if (found === undefined || type === undefined) return { head: { type: "missing", path } };
    if (type === "directory") return { head: { type, path: found.path } };
    const content = await readWithin(at, found.path);
    return { head: { type, path: found.path, size: content.length }, content };
  } catch (error) {
    if (!isMooringError(error) || !error.code.startsWith("RENDER_")) throw error;
    return { head: { error: { code: error.code, message: error.message } } };
  }
}

async function walkFor(at: Asking, path: string): Promise<Uint8Array> {
  const found = await followLinks(at.tree, path, at.signal);
  if (found?.entry.type !== "directory") return encodeMessage({ missing: true });
  const files = await walkFiles(at, found);
  return encodeMessage(
    { files: files.map((file) => ({ path: file.path, size: file.content.length })) },
    ...files.map((file) => file.content),
  );
}

async function mountFor({ mounts, signal }: Asking, source: RemoteSource): Promise<object> {
  const path = await mounts.find(source, signal);
  return path === undefined ? { missing: true } : { path };
}

function parseSource(header: JsonObject): RemoteSource {
  const text = (field: string): string => {
    const value = viewString(header, "source", field) ?? "";
    if (value.length <= maxAddressLength) return value;
    const shown = JSON.stringify(`${stripUrl(value.slice(0, 200)).slice(0, 80)}…`);
    throw new MooringError(
      "RENDER_INVALID",
      `remote source ${shown}: its ${field} is longer than ${maxAddressLength} characters; correct it`,
    );
  };
  switch (text("kind")) {
    case "git":
      return { kind: "git", url: text("url"), revision: text("revision") };
    case "chart": {
      const [repository, name, version] = [text("repository"), text("name"), text("version")];
      return { kind: "chart", repository, name, version };
    }
    case "file":
      return { kind: "file", url: text("url") };
    default:
      throw new Error("the render engine asks for a kind of source that is not in its protocol");
  }
}
