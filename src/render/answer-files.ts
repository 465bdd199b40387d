import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SourceFetcher } from "#ports/source-fetcher.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { DataKeyAnswers } from "./answer-data-key.ts";
import { createDataKeyAnswers } from "./answer-data-key.ts";
import { answerEngine, refuseEngine } from "./answer-engine.ts";
import { followLinks } from "./follow-links.ts";
import { openMounts } from "./mounts.ts";
import type { FileAnswer, FileQuestion, ThreadLimits } from "./protocol.ts";
import { readConcurrency, readLimited } from "./read-limited.ts";
import type { SourceView } from "./source-view.ts";
import type { Trace } from "./trace.ts";
import { TracedTree } from "./traced-tree.ts";

/** Answers a render thread from a source tree and records everything that was looked at. */
export interface FileAnswers {
  /** Throws the tree's and the fetcher's own errors; what a limit forbids is an answer of its own. */
  answer(question: FileQuestion, signal: AbortSignal): Promise<FileAnswer>;
  trace(): Trace;
  /** Calls the listener when a fetch of a remote source begins, and when the last one has ended. */
  whileFetching(listener: (isFetching: boolean) => void): void;
  /** A text of the render with mounts named as the user knows them. */
  describe(text: string): string;
}

export interface FileAnswersOptions {
  readonly view: SourceView;
  readonly root: TreeEntry | undefined;
  readonly fetcher: SourceFetcher | undefined;
  /** Runs the tool that the source names; absent where there is none to run. */
  readonly outside?: ((signal: AbortSignal) => Promise<readonly string[]>) | undefined;
  /** Without it no file can be decrypted. */
  readonly dataKeys?: DataKeyAnswers;
  readonly limits: ThreadLimits;
}

export function createFileAnswers({
  view,
  root,
  fetcher,
  limits,
  outside,
  dataKeys = createDataKeyAnswers(undefined, ""),
}: FileAnswersOptions): FileAnswers {
  const tree = new TracedTree(view);
  const mounts = openMounts(tree, fetcher);
  const engine = {
    tree,
    mounts,
    budget: { maxFileBytes: limits.maxFileBytes, maxTotalBytes: limits.maxSourceBytes, usedBytes: 0 },
  };
  const answer = async (question: FileQuestion, signal: AbortSignal): Promise<FileAnswer> => {
    switch (question.kind) {
      case "stat":
        return { kind: "stat", entry: await tree.stat(question.path, signal) };
      case "resolve":
        return { kind: "resolve", found: await followLinks(tree, question.path, signal) };
      case "list":
        return { kind: "list", entries: await tree.list(question.path, question.filter, signal) };
      case "read":
        return { kind: "read", contents: await readAll(tree, question, signal) };
      case "data-key":
        return dataKeys.answer(question.keys, signal);
      case "mount":
        return { kind: "mount", path: await mounts.mount(question.source, signal) };
      case "outside":
        return { kind: "outside", texts: await runOutside(tree, outside, signal) };
      case "engine":
        return { kind: "engine", message: await answerEngine(question.message, engine, signal) };
      default:
        throw new Error(`unhandled question: ${JSON.stringify(question satisfies never)}`);
    }
  };
  return {
    answer: async (question, signal) => {
      try {
        return await answer(question, signal);
      } catch (error) {
        if (!isMooringError(error) || !error.code.startsWith("RENDER_")) throw error;
        if (question.kind === "engine") return { kind: "engine", message: refuseEngine(error) };
        return { kind: "refused", code: error.code, message: error.message };
      }
    },
    trace: () => ({ ...tree.trace(root), ...(dataKeys.asked !== undefined && { keys: dataKeys.asked }) }),
    whileFetching: (listener) => mounts.whileFetching(listener),
    describe: (text) => mounts.describe(text),
  };
}

/** Such a tool may read anything, so all of the tree counts as read. */
async function runOutside(
  tree: TracedTree,
  outside: FileAnswersOptions["outside"],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (outside === undefined) {
    throw new MooringError(
      "RENDER_UNSUPPORTED",
      "plugins and other versions of Kustomize are not run here; render the application with the controller",
    );
  }
  const root = await tree.stat("", signal);
  if (root !== undefined) tree.coverTree("", root);
  return outside(signal);
}

async function readAll(
  tree: TracedTree,
  question: Extract<FileQuestion, { kind: "read" }>,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  let total = 0;
  return mapLimit(question.paths, readConcurrency, async (path) => {
    const entry = await tree.stat(path, signal);
    if (entry === undefined) throw new MooringError("RENDER_INVALID", `${path}: file does not exist`);
    const hint = "split it, or exclude it with directory.exclude";
    const content = await readLimited(tree, path, { maxBytes: question.maxFileBytes, hint, signal });
    total += content.length;
    if (total > question.maxTotalBytes) throw tooLargeTogether(question);
    return content;
  });
}

function tooLargeTogether(question: { readonly maxTotalBytes: number; readonly paths: readonly string[] }) {
  return new MooringError(
    "RENDER_TOO_LARGE",
    `${question.paths.length} manifest files are together larger than the limit of ${question.maxTotalBytes} bytes; split the application or exclude files`,
  );
}
