import { createHash } from "node:crypto";
import { MessageChannel, Worker } from "node:worker_threads";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RenderTool, Substitution } from "#ports/renderer.ts";
import { sopsMark } from "#core/sops/index.ts";
import { decodeQuestion, encodeMessage } from "./engine-message.ts";
import type { FileAnswers } from "./answer-files.ts";
import type { EngineModules } from "./engine-modules.ts";
import { NativeEngine } from "./native-engine.ts";
import type { RenderLimits } from "./options.ts";
import type {
  Answer,
  AnswerMessage,
  Outcome,
  Question,
  Rendered,
  RenderJob,
  ThreadData,
  ThreadMessage,
} from "./protocol.ts";
import { answerSlot, stopSlot } from "./protocol.ts";
import type { RenderPhase } from "./render-time.ts";
import { RenderTime } from "./render-time.ts";

/** How long a thread may take to notice that its render was stopped before it is ended by force. */
const stopGraceMs = 100;
/** How long a new thread may take to load on a busy machine, before the time of its first render counts. */
const loadMs = 30_000;
/** How long all fetches of one render may take, and what else it waits for, before even their own limits are not believed. */
const fetchMs = 900_000;

export interface RenderTask {
  readonly path: string;
  readonly revision: string;
  readonly source: RenderTool;
  readonly files: FileAnswers;
  readonly substitution?: Substitution | undefined;
  /** Whose files these are: a native process serves one tenant at a time. */
  readonly tenant: string;
  /** 32 bytes in hex; secret. */
  readonly seed: string;
  readonly signal: AbortSignal;
}

export interface RenderWorkerOptions {
  readonly limits: RenderLimits;
  readonly modules: EngineModules;
  /** The program that renders what it can; undefined without one. */
  readonly nativeProgram: string | undefined;
  /** Called when a render begins to wait for what it fetches: the processor is free for another. */
  readonly onWaiting?: () => void;
}

/** Reads that nobody waits for any more are told so; one error for all, because making one costs more than the rest of it. */
const ended = new DOMException("the render has ended", "AbortError");

/** A failure that the same files and parameters always repeat, so that it may be remembered. */
export class RenderFailed extends Error {
  readonly failure: MooringError;

  constructor(failure: MooringError) {
    super(failure.message, { cause: failure });
    this.name = "RenderFailed";
    this.failure = failure;
  }
}

/** One thread that renders one task at a time. */
export interface RenderWorker {
  /** False once the thread has ended, which it may also do while it is idle. */
  readonly alive: boolean;
  /** Whom it rendered for last. */
  readonly tenant: string | undefined;
  /** True while its render waits for a server or a program of the user's. */
  readonly waiting: boolean;
  /** Rejects at once when the signal aborts or the time is over, even while the thread has yet to stop. */
  run(task: RenderTask): Promise<Rendered>;
  /** Resolves when the thread can take another task, with false when it has ended and must be replaced. */
  whenFree(): Promise<boolean>;
  /** Ends the thread; a running task rejects with the reason. */
  end(reason: Error): Promise<void>;
}

interface Running {
  readonly id: number;
  readonly task: RenderTask;
  readonly done: PromiseWithResolvers<Rendered>;
  /** Ends the file reads made for this task. */
  readonly reads: AbortController;
  readonly time: RenderTime;
  /** Ends the thread by force when it has not stopped by then. */
  grace: NodeJS.Timeout | undefined;
  readonly onAbort: () => void;
}

export function startRenderWorker(options: RenderWorkerOptions): RenderWorker {
  return new ThreadedWorker(options);
}

class ThreadedWorker implements RenderWorker {
  readonly #limits: RenderLimits;
  readonly #modules: EngineModules;
  readonly #native: NativeEngine | undefined;
  readonly #onWaiting: () => void;
  readonly #thread: Worker;
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #answers = new MessageChannel();
  #running: Running | undefined;
  #free = Promise.resolve(true);
  #becomeFree: (alive: boolean) => void = () => undefined;
  #lastId = 0;
  #ended = false;
  #tenant: string | undefined;

  constructor({ limits, modules, nativeProgram, onWaiting = () => undefined }: RenderWorkerOptions) {
    this.#limits = limits;
    this.#onWaiting = onWaiting;
    this.#modules = modules;
    if (nativeProgram !== undefined) this.#native = startNativeEngine(nativeProgram, limits);
    const answers = this.#answers.port2;
    this.#thread = new Worker(new URL("./thread/render-thread.ts", import.meta.url), {
      name: "render",
      workerData: { flags: this.#flags, answers } satisfies ThreadData,
      transferList: [answers],
      resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryMb },
      env: {},
      execArgv: [],
    });
    this.#thread.unref();
    this.#thread.on("message", (message: ThreadMessage) => this.#receive(message));
    this.#thread.on("error", (error: Error) => this.#crash(error));
    this.#thread.on("exit", (code) => this.#crash(new Error(`render thread ended with code ${code}`)));
  }

  get alive(): boolean {
    return !this.#ended;
  }

  get tenant(): string | undefined {
    return this.#tenant;
  }

  get waiting(): boolean {
    return this.#running?.time.phase === "fetching";
  }

  run(task: RenderTask): Promise<Rendered> {
    if (this.#running !== undefined || this.#ended) throw new Error("render thread is not free");
    task.signal.throwIfAborted();
    const running = this.#begin(task);
    const free = Promise.withResolvers<boolean>();
    this.#free = free.promise;
    this.#becomeFree = free.resolve;
    task.signal.addEventListener("abort", running.onAbort, { once: true });
    this.#thread.ref();
    const { path, revision, source, seed, substitution } = task;
    this.#thread.postMessage({
      id: running.id,
      path,
      revision,
      source,
      limits: this.#limits,
      substitution,
      native: this.#native !== undefined,
      seed,
      // An address may hold credentials.
      tenant: createHash("sha256").update(task.tenant).digest("hex"),
    } satisfies RenderJob);
    return running.done.promise;
  }

  #begin(task: RenderTask): Running {
    this.#lastId += 1;
    const { timeoutMs } = this.#limits;
    const running: Running = {
      id: this.#lastId,
      task,
      done: Promise.withResolvers(),
      reads: new AbortController(),
      time: new RenderTime(
        { loading: timeoutMs + loadMs, rendering: timeoutMs, fetching: fetchMs },
        (phase) => this.#stop(running, this.#timeout(task, phase)),
      ),
      grace: undefined,
      onAbort: () => this.#stop(running, task.signal.reason),
    };
    this.#running = running;
    this.#tenant = task.tenant;
    task.files.whileFetching((active) => this.#setFetching(running, active));
    return running;
  }

  whenFree(): Promise<boolean> {
    return this.#free;
  }

  async end(reason: Error): Promise<void> {
    this.#settle((running) => running.done.reject(reason));
    await this.#terminate();
  }

  /** What a fetch may take is the fetcher's to say: a large repository would otherwise never arrive. */
  #setFetching(running: Running, isFetching: boolean): void {
    running.time.enter(isFetching ? "fetching" : "rendering");
    if (isFetching) this.#onWaiting();
  }

  #timeout(task: RenderTask, phase: RenderPhase): MooringError {
    const problem =
      phase === "fetching"
        ? `what it refers to took longer than ${fetchMs} ms to fetch; put a copy into the repository`
        : `rendering took longer than ${this.#limits.timeoutMs} ms; split the application or raise the limit`;
    return new MooringError("RENDER_TIMEOUT", `${nameOf(task)}: ${problem}`);
  }

  /** Nobody waits any more: ask the thread to stop, then end it by force. */
  #stop(running: Running, reason: unknown): void {
    running.done.reject(reason);
    running.time[Symbol.dispose]();
    Atomics.store(this.#flags, stopSlot, running.id);
    running.reads.abort(reason);
    running.grace ??= setTimeout(() => void this.#terminate(), stopGraceMs);
  }

  #receive(message: ThreadMessage): void {
    if (this.#running?.id !== message.id) return;
    if (message.type === "started") this.#running.time.enter("rendering");
    else if (message.type === "ask") void this.#answer(this.#running, message);
    else {
      if (message.spent) void this.#terminate();
      this.#settle((running) => settleTask(running, message.outcome));
    }
  }

  async #answer(running: Running, asked: Extract<ThreadMessage, { type: "ask" }>): Promise<void> {
    const { signal } = running.reads;
    let answer: Answer = { kind: "stopped" };
    try {
      if (!signal.aborted) answer = await abortable(this.#answerTo(asked.ask, running), signal);
    } catch (error) {
      running.done.reject(error);
    }
    if (this.#ended) return;
    this.#answers.port1.postMessage({ question: asked.question, answer } satisfies AnswerMessage);
    Atomics.add(this.#flags, answerSlot, 1);
    Atomics.notify(this.#flags, answerSlot);
  }

  async #answerTo(question: Question, running: Running): Promise<Answer> {
    const { task, reads } = running;
    if (question.kind === "native") return this.#renderNatively(question.request, running);
    if (question.kind === "outside") return this.#runOutside(running);
    if (question.kind !== "module") return task.files.answer(question, reads.signal);
    running.time.enter("loading");
    const module = await this.#modules.load(question.engine);
    running.time.enter("rendering");
    return { kind: "module", module };
  }

  /** Its time is its own runner's to limit. */
  async #runOutside(running: Running): Promise<Answer> {
    this.#setFetching(running, true);
    try {
      return await running.task.files.answer({ kind: "outside" }, running.reads.signal);
    } finally {
      this.#setFetching(running, false);
    }
  }

  async #renderNatively(request: Uint8Array, { task, reads }: Running): Promise<Answer> {
    if (this.#native === undefined) throw new Error("no native engine to render with");
    const { path, tenant, files } = task;
    const { signal } = reads;
    const answer = async (message: Uint8Array): Promise<Uint8Array> => {
      const answered = await files.answer({ kind: "engine", message }, signal);
      if (answered.kind !== "engine") throw new Error("file access answered to another question");
      return isEncryptedFile(message, answered.message) ? giveBack : answered.message;
    };
    try {
      return { kind: "native", reply: await this.#native.render({ request, path, tenant, answer, signal }) };
    } catch (error) {
      if (!isMooringError(error) || !error.code.startsWith("RENDER_")) throw error;
      return { kind: "refused", code: error.code, message: error.message };
    }
  }

  #settle(end: (running: Running) => void): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.time[Symbol.dispose]();
    clearTimeout(running.grace);
    running.task.signal.removeEventListener("abort", running.onAbort);
    end(running);
    running.reads.abort(ended);
    this.#thread.unref();
    this.#becomeFree(!this.#ended);
  }

  #crash(error: Error): void {
    if (!this.#ended) void this.#terminate();
    this.#ended = true;
    this.#settle((running) => running.done.reject(this.#describeCrash(running.task, error)));
  }

  #describeCrash(task: RenderTask, error: Error): MooringError {
    if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
      return new MooringError(
        "RENDER_TOO_LARGE",
        `${nameOf(task)}: rendering needs more than ${this.#limits.maxMemoryMb} MiB of memory; split the application or raise the limit`,
        { cause: error },
      );
    }
    return new MooringError(
      "RENDER_CRASHED",
      `${nameOf(task)}: the render thread ended before it had answered`,
      {
        cause: error,
      },
    );
  }

  async #terminate(): Promise<void> {
    this.#ended = true;
    this.#answers.port1.close();
    this.#native?.end();
    await this.#thread.terminate();
  }
}

function startNativeEngine(program: string, limits: RenderLimits): NativeEngine {
  const { maxEngineMemoryMb, maxOutputBytes } = limits;
  return new NativeEngine({ program, maxEngineMemoryMb, maxReplyBytes: 2 * maxOutputBytes });
}

function nameOf({ path }: RenderTask): string {
  return path === "" ? "." : path;
}

function settleTask(running: Running, outcome: Outcome): void {
  const { done, task } = running;
  switch (outcome.type) {
    case "rendered":
      return done.resolve(outcome.rendered);
    case "failed":
      return done.reject(new RenderFailed(new MooringError(outcome.code, outcome.message)));
    case "stopped":
      return done.reject(new Error("render stopped without a cause"));
    case "crashed":
      return done.reject(
        new MooringError(
          "RENDER_CRASHED",
          `${nameOf(task)}: the renderer has a bug (${outcome.message}); report it`,
        ),
      );
    default:
      throw new Error(`unhandled outcome: ${JSON.stringify(outcome satisfies never)}`);
  }
}

/** The promise, or the signal's reason as soon as it aborts: a tree that ignores its signal must not hold a thread. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Files are decrypted in the thread, so the native engine gives a render that reads one back to it. */
const giveBack = encodeMessage({ error: { code: "RENDER_ENGINE_FALLBACK", message: "" } });

function isEncryptedFile(question: Uint8Array, answer: Uint8Array): boolean {
  if (!Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).includes(sopsMark)) return false;
  const { ask } = decodeQuestion(question);
  return ask === "read" || ask === "open";
}
