import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SourceTree, TreeEntry } from "#ports/source-tree.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { DataKeyAnswers } from "./answer-data-key.ts";
import type { FileAnswer, FileQuestion, ListFilter } from "./protocol.ts";
import type { Trace, TraceEntry } from "./trace.ts";
import { filterEntries, identityOf } from "./trace.ts";

const readConcurrency = 8;

/** Answers a render thread from a source tree and records everything that was looked at. */
export interface FileAnswers {
  /** Throws the tree's own errors; what a limit forbids is an answer of its own. */
  answer(question: FileQuestion, signal: AbortSignal): Promise<FileAnswer>;
  trace(): Trace;
}

export function createFileAnswers(
  tree: SourceTree,
  root: TreeEntry | undefined,
  dataKeys: DataKeyAnswers,
): FileAnswers {
  const recording: Recording = { tree, known: new Map(), entries: new Map() };
  return {
    answer: async (question, signal) => {
      switch (question.kind) {
        case "stat":
          return { kind: "stat", entry: await stat(recording, question.path, signal) };
        case "list":
          return { kind: "list", entries: await list(recording, question, signal) };
        case "read":
          return readAll(recording, question, signal);
        case "data-key":
          return dataKeys.answer(question.keys, signal);
        default:
          throw new Error(`unhandled question: ${JSON.stringify(question satisfies never)}`);
      }
    },
    trace: () => ({
      root: root?.type === "directory" ? root.oid : undefined,
      entries: [...recording.entries.values()],
      ...(dataKeys.asked === undefined ? {} : { keys: dataKeys.asked }),
    }),
  };
}

interface Recording {
  readonly tree: SourceTree;
  readonly known: Map<string, TreeEntry>;
  /** By kind and path: an access repeated is recorded once. */
  readonly entries: Map<string, TraceEntry>;
}

function record(recording: Recording, entry: TraceEntry): void {
  const filter = entry.kind === "list" ? JSON.stringify(entry.filter) : "";
  recording.entries.set(`${entry.kind}\0${entry.path}\0${filter}`, entry);
}

async function stat(recording: Recording, path: string, signal: AbortSignal): Promise<TreeEntry | undefined> {
  const entry = recording.known.get(path) ?? (await recording.tree.stat(path, signal));
  if (entry === undefined) record(recording, { kind: "missing", path });
  else if (entry.type === "directory") record(recording, { kind: "directory", path });
  else record(recording, { kind: "file", path, id: identityOf(entry) });
  if (entry !== undefined) recording.known.set(path, entry);
  return entry;
}

async function list(
  recording: Recording,
  question: { readonly path: string; readonly filter: ListFilter },
  signal: AbortSignal,
): Promise<readonly TreeEntry[] | undefined> {
  const { path, filter } = question;
  const directory = recording.known.get(path) ?? (await recording.tree.stat(path, signal));
  const all = await recording.tree.list(path, signal);
  if (directory === undefined || all === undefined) {
    await stat(recording, path, signal);
    return undefined;
  }
  const { entries, id } = filterEntries(all.toSorted(byName), filter);
  record(recording, { kind: "list", path, filter, tree: directory.oid, id });
  for (const entry of entries) recording.known.set(path === "" ? entry.name : `${path}/${entry.name}`, entry);
  return entries;
}

/** Byte order of UTF-8 names, so that no tree's own order shows in the output. */
function byName(a: TreeEntry, b: TreeEntry): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

async function readAll(
  recording: Recording,
  question: Extract<FileQuestion, { kind: "read" }>,
  signal: AbortSignal,
): Promise<FileAnswer> {
  let total = 0;
  const readOne = async (path: string): Promise<Uint8Array> => {
    const entry = await stat(recording, path, signal);
    if (entry === undefined) throw new MooringError("RENDER_INVALID", `${path}: file does not exist`);
    const content = await readLimited(recording.tree, path, { maxBytes: question.maxFileBytes, signal });
    total += content.length;
    if (total > question.maxTotalBytes) throw tooLargeTogether(question);
    return content;
  };
  try {
    return { kind: "read", contents: await mapLimit(question.paths, readConcurrency, readOne) };
  } catch (error) {
    if (!isMooringError(error) || !error.code.startsWith("RENDER_")) throw error;
    return { kind: "refused", code: error.code, message: error.message };
  }
}

async function readLimited(
  tree: SourceTree,
  path: string,
  options: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  try {
    return await tree.read(path, options);
  } catch (error) {
    if (!isMooringError(error, "GIT_TOO_LARGE")) throw error;
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `${path}: file is larger than the limit of ${options.maxBytes} bytes; split it, or exclude it with directory.exclude`,
      { cause: error },
    );
  }
}

function tooLargeTogether(question: { readonly maxTotalBytes: number; readonly paths: readonly string[] }) {
  return new MooringError(
    "RENDER_TOO_LARGE",
    `${question.paths.length} manifest files are together larger than the limit of ${question.maxTotalBytes} bytes; split the application or exclude files`,
  );
}
