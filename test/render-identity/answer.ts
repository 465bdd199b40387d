import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { decodeMessage, encodeMessage } from "#render/engine-message.ts";

/** Files on disk that stand for a tree, and for what may be mounted into it. */
export interface Tree {
  readonly directory: string;
  readonly mounts?: readonly { readonly source: Source; readonly directory: string }[];
}

/** As in docs/spec/render-engine.md; a field that is left out stands for all. */
type Source = Readonly<Partial<Record<"kind" | "url" | "revision" | "repository" | "name", string>>>;

const mountsPath = ".git/mounts/";
/** A question is short, a reply may describe many documents. */
export const maxHeaderBytes = 32 << 20;

interface Question {
  readonly ask: string;
  readonly path?: string;
  readonly paths?: readonly string[];
}

/** Answers one question of the engine. */
export function answerFrom(tree: Tree, question: Uint8Array): Uint8Array<ArrayBuffer> {
  const {
    ask,
    path = "",
    paths = [],
  } = decodeMessage(question, maxHeaderBytes).header as unknown as Question;
  if (ask === "open") return open(tree, paths);
  const { root, prefix } = rootOf(tree, path);
  const inside = path.slice(prefix.length);
  const absolute = join(root, inside);
  switch (ask) {
    case "stat":
      return encodeMessage({ type: typeOf(absolute), path: joined(prefix, realPath(root, inside)) });
    case "list":
      return encodeMessage(typeOf(absolute) === "directory" ? { entries: list(absolute) } : missing);
    case "read":
      return typeOf(absolute) === "file" ? read(absolute) : encodeMessage(missing);
    case "walk":
      return typeOf(absolute) === "directory" ? walk(absolute) : encodeMessage(missing);
    default:
      return mount(tree, question);
  }
}

function rootOf(tree: Tree, path: string): { root: string; prefix: string } {
  if (!path.startsWith(mountsPath)) return { root: tree.directory, prefix: "" };
  const [id = ""] = path.slice(mountsPath.length).split("/");
  const root = tree.mounts?.[Number(id)]?.directory;
  if (root === undefined) throw new Error(`${path}: nothing is mounted there`);
  return { root, prefix: `${mountsPath}${id}` };
}

function joined(prefix: string, path: string): string {
  return prefix === "" || path === "" ? `${prefix}${path}` : `${prefix}/${path}`;
}

function mount({ mounts = [] }: Tree, question: Uint8Array): Uint8Array<ArrayBuffer> {
  const { source } = decodeMessage(question, maxHeaderBytes).header as unknown as { source: Source };
  const isAsked = ([field, value]: [string, string]) => source[field as keyof Source] === value;
  const id = mounts.findIndex((known) => Object.entries(known.source).every(isAsked));
  if (id !== -1) return encodeMessage({ path: `${mountsPath}${id}` });
  const message = `nothing is fetched in this test: ${JSON.stringify(source)}`;
  return encodeMessage({ error: { code: "RENDER_UNSUPPORTED", message } });
}

const missing = { missing: true };

function typeOf(path: string): "file" | "directory" | "missing" {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "missing";
  return found.isDirectory() ? "directory" : "file";
}

function realPath(directory: string, path: string): string {
  const absolute = join(directory, path);
  if (typeOf(absolute) === "missing") return path.replace(/^\//, "");
  return relative(realpathSync(directory), realpathSync(absolute)).split(sep).join("/");
}

function list(directory: string): { name: string; type: string }[] {
  return readdirSync(directory)
    .toSorted(byBytes)
    .map((name) => ({ name, type: typeOf(join(directory, name)) }))
    .filter(({ type }) => type !== "missing");
}

function read(path: string): Uint8Array<ArrayBuffer> {
  const content = readFileSync(path);
  return encodeMessage({ size: content.length }, content);
}

function open(tree: Tree, paths: readonly string[]): Uint8Array<ArrayBuffer> {
  const contents: Uint8Array[] = [];
  const found = paths.map((path) => {
    const { root, prefix } = rootOf(tree, path);
    const inside = path.slice(prefix.length);
    const type = typeOf(join(root, inside));
    const head = { type, path: joined(prefix, realPath(root, inside)) };
    if (type !== "file") return head;
    const content = readFileSync(join(root, inside));
    contents.push(content);
    return { ...head, size: content.length };
  });
  return encodeMessage({ found }, ...contents);
}

function walk(directory: string): Uint8Array<ArrayBuffer> {
  const paths = filesBelow(directory, "").toSorted(byBytes);
  const dangling = paths.find((path) => typeOf(join(directory, path)) === "missing");
  if (dangling !== undefined) {
    return encodeMessage({ error: { code: "RENDER_INVALID", message: `${dangling}: link leads nowhere` } });
  }
  const contents = paths.map((path) => readFileSync(join(directory, path)));
  const files = paths.map((path, index) => ({ path, size: contents[index]?.length ?? 0 }));
  return encodeMessage({ files }, ...contents);
}

function filesBelow(directory: string, below: string): string[] {
  return readdirSync(join(directory, below)).flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    return typeOf(join(directory, path)) === "directory" ? filesBelow(directory, path) : [path];
  });
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
