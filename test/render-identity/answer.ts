import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { decodeMessage, encodeMessage } from "#render/thread/engine/message.ts";

/** Answers one question of the engine from a directory, which is the root of its tree. */
export function answerFrom(directory: string, question: Uint8Array): Uint8Array<ArrayBuffer> {
  const { ask, path = "" } = decodeMessage(question).header as { ask: string; path?: string };
  const absolute = join(directory, path);
  switch (ask) {
    case "stat":
      return encodeMessage({ type: typeOf(absolute), path: realPath(directory, path) });
    case "list":
      return encodeMessage(typeOf(absolute) === "directory" ? { entries: list(absolute) } : missing);
    case "read":
      return typeOf(absolute) === "file" ? read(absolute) : encodeMessage(missing);
    case "walk":
      return typeOf(absolute) === "directory" ? walk(absolute) : encodeMessage(missing);
    default:
      return encodeMessage({ error: { code: "RENDER_UNSUPPORTED", message: refusal(question) } });
  }
}

const missing = { missing: true };

function refusal(question: Uint8Array): string {
  const { source } = decodeMessage(question).header as { source?: object };
  return `nothing is fetched in this test: ${JSON.stringify(source)}`;
}

function typeOf(path: string): "file" | "directory" | "missing" {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "missing";
  return found.isDirectory() ? "directory" : "file";
}

function realPath(directory: string, path: string): string {
  const absolute = join(directory, path);
  if (typeOf(absolute) === "missing") return path;
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
  return encodeMessage({ size: content.length }, [content]);
}

function walk(directory: string): Uint8Array<ArrayBuffer> {
  const paths = filesBelow(directory, "").toSorted(byBytes);
  const dangling = paths.find((path) => typeOf(join(directory, path)) === "missing");
  if (dangling !== undefined) {
    return encodeMessage({ error: { code: "RENDER_INVALID", message: `${dangling}: link leads nowhere` } });
  }
  const contents = paths.map((path) => readFileSync(join(directory, path)));
  const files = paths.map((path, index) => ({ path, size: contents[index]?.length ?? 0 }));
  return encodeMessage({ files }, contents);
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
