import { Worker } from "node:worker_threads";
import type { ScriptEnd, ScriptJob, ScriptThreadData, ScriptThreadMessage } from "./protocol.ts";

/** How long a new thread may take to load on a busy machine, before the time of its first run counts. */
const loadMs = 30_000;
/** JavaScript of the thread; what programs use is the module's. */
const maxHeapMb = 64;

/** What became of one run. */
export type RunEnd =
  | { readonly kind: "answered"; readonly reply: Uint8Array }
  | { readonly kind: ScriptEnd | "late" };

interface Running {
  readonly id: number;
  readonly done: PromiseWithResolvers<RunEnd>;
  timer: NodeJS.Timeout;
}

export interface ScriptThreadOptions extends ScriptThreadData {
  readonly timeoutMs: number;
}

/** One thread that runs one program on one input at a time. It does not keep the process alive while it has nothing to do. */
export class ScriptThread {
  readonly #timeoutMs: number;
  readonly #thread: Worker;
  #running: Running | undefined;
  #ready = false;
  #ended = false;
  #lastId = 0;

  constructor({ timeoutMs, ...workerData }: ScriptThreadOptions) {
    this.#timeoutMs = timeoutMs;
    this.#thread = new Worker(new URL("../thread/script-thread.ts", import.meta.url), {
      name: "scripts",
      workerData: workerData satisfies ScriptThreadData,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
      env: {},
      execArgv: [],
    });
    this.#thread.unref();
    this.#thread.on("message", (message: ScriptThreadMessage) => this.#receive(message));
    this.#thread.on("error", () => this.#end({ kind: "bug" }));
    this.#thread.on("exit", () => this.#end({ kind: "bug" }));
  }

  /** False once it has ended and must be replaced. */
  get alive(): boolean {
    return !this.#ended;
  }

  /** Never rejects: a run that is late, or that ends the engine, ends this thread. */
  run(job: Omit<ScriptJob, "id">): Promise<RunEnd> {
    if (this.#running !== undefined || this.#ended) throw new Error("script thread is not free");
    this.#lastId += 1;
    const id = this.#lastId;
    const running: Running = {
      id,
      done: Promise.withResolvers(),
      timer: this.#limitTime(this.#ready ? this.#timeoutMs : loadMs),
    };
    this.#running = running;
    this.#thread.ref();
    this.#thread.postMessage({ ...job, id } satisfies ScriptJob);
    return running.done.promise;
  }

  /** Ends the thread; a run that is under way counts as late. */
  async end(): Promise<void> {
    this.#end({ kind: "late" });
    await this.#thread.terminate();
  }

  /** An answer that came while this thread was busy is taken first, whichever of the two Node serves first. */
  #limitTime(ms: number): NodeJS.Timeout {
    const id = this.#lastId;
    return setTimeout(() => {
      setImmediate(() => {
        if (this.#running?.id === id) this.#end({ kind: "late" });
      });
    }, ms);
  }

  #receive(message: ScriptThreadMessage): void {
    if (message.type === "ready") {
      this.#ready = true;
      if (this.#running === undefined) return;
      clearTimeout(this.#running.timer);
      this.#running.timer = this.#limitTime(this.#timeoutMs);
      return;
    }
    if (this.#running?.id !== message.id) return;
    if (message.type === "ended") return this.#end({ kind: message.end });
    this.#settle({ kind: "answered", reply: message.reply });
    if (message.spent) this.#end({ kind: "bug" });
  }

  #settle(end: RunEnd): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    clearTimeout(running.timer);
    this.#thread.unref();
    running.done.resolve(end);
  }

  #end(end: RunEnd): void {
    const again = this.#ended;
    this.#ended = true;
    this.#settle(end);
    if (!again) void this.#thread.terminate();
  }
}
