import type { MessagePort } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";
import { MooringError } from "#core/errors/index.ts";
import type { SopsKeySet } from "#core/sops/index.ts";
import type { TreeEntry } from "#ports/source-tree.ts";
import type { RemoteSource } from "#ports/source-fetcher.ts";
import type { Answer, AnswerMessage, EngineName, ListFilter, Question } from "../protocol.ts";
import { answerSlot, stopSlot } from "../protocol.ts";

/** Thrown in the thread when nobody waits for the render any more. */
export class RenderStopped extends Error {
  constructor() {
    super("render stopped");
    this.name = "RenderStopped";
  }
}

/** The source tree as engines need it: synchronous. Every access is recorded by the main thread. */
export interface FileAccess {
  stat(path: string): TreeEntry | undefined;
  list(path: string, filter: ListFilter): readonly TreeEntry[] | undefined;
  /** Contents in the order of the paths, all in one round trip. */
  readAll(
    paths: readonly string[],
    limits: { readonly maxFileBytes: number; readonly maxTotalBytes: number },
  ): readonly Uint8Array[];
  /** The key of a file encrypted with SOPS. Throws a `SECRET_` error when there is none. */
  dataKey(keys: SopsKeySet): Uint8Array;
  /** The path without symbolic links, and what is there; throws RENDER_INVALID when it leads out of the repository. */
  resolve(path: string): { readonly path: string; readonly entry: TreeEntry } | undefined;
  /** What the tool prints that the job's source names. */
  runOutside(): readonly string[];
  /** Where the source is now: below `.git/mounts/`. */
  mount(source: RemoteSource): string;
  /** Throws RenderStopped when the render was cancelled; called between files. */
  checkStopped(): void;
  /** The bytes of the answer to a question of the engine. */
  askForEngine(message: Uint8Array): Uint8Array;
  engineModule(engine: EngineName): WebAssembly.Module;
  /** The bytes of the native engine's reply. */
  renderNatively(request: Uint8Array): Uint8Array;
}

export interface FileAccessOptions {
  readonly job: number;
  readonly flags: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
  readonly send: (question: number, ask: Question) => void;
}

/** Asks the main thread and blocks this one until it has answered. */
export function openFileAccess(options: FileAccessOptions): FileAccess {
  let question = 0;
  const checkStopped = (): void => {
    if (Atomics.load(options.flags, stopSlot) === options.job) throw new RenderStopped();
  };
  const ask = (asked: Question): Answer => {
    checkStopped();
    question += 1;
    options.send(question, asked);
    return waitForAnswer(options, question);
  };
  return {
    checkStopped,
    stat: (path) => {
      const answer = ask({ kind: "stat", path });
      return answer.kind === "stat" ? answer.entry : unexpected(answer);
    },
    list: (path, filter) => {
      const answer = ask({ kind: "list", path, filter });
      return answer.kind === "list" ? answer.entries : unexpected(answer);
    },
    resolve: (path) => {
      const answer = ask({ kind: "resolve", path });
      return answer.kind === "resolve" ? answer.found : unexpected(answer);
    },
    mount: (source) => {
      const answer = ask({ kind: "mount", source });
      return answer.kind === "mount" ? answer.path : unexpected(answer);
    },
    runOutside: () => {
      const answer = ask({ kind: "outside" });
      return answer.kind === "outside" ? answer.texts : unexpected(answer);
    },
    askForEngine: (message) => {
      const answer = ask({ kind: "engine", message });
      return answer.kind === "engine" ? answer.message : unexpected(answer);
    },
    engineModule: (engine) => {
      const answer = ask({ kind: "module", engine });
      return answer.kind === "module" ? answer.module : unexpected(answer);
    },
    renderNatively: (request) => {
      const answer = ask({ kind: "native", request });
      return answer.kind === "native" ? answer.reply : unexpected(answer);
    },
    readAll: (paths, limits) => {
      if (paths.length === 0) return [];
      const answer = ask({ kind: "read", paths, ...limits });
      return answer.kind === "read" ? answer.contents : unexpected(answer);
    },
    dataKey: (keys) => {
      const answer = ask({ kind: "data-key", keys });
      return answer.kind === "data-key" ? answer.dataKey : unexpected(answer);
    },
  };
}

function waitForAnswer(options: FileAccessOptions, question: number): Answer {
  for (;;) {
    const seen = Atomics.load(options.flags, answerSlot);
    const received = receiveMessageOnPort(options.answers) as { message: AnswerMessage } | undefined;
    if (received === undefined) Atomics.wait(options.flags, answerSlot, seen);
    else if (received.message.question === question) return received.message.answer;
  }
}

function unexpected(answer: Answer): never {
  if (answer.kind === "refused") throw new MooringError(answer.code, answer.message);
  if (answer.kind === "stopped") throw new RenderStopped();
  throw new Error(`file access answered ${answer.kind} to another question`);
}
