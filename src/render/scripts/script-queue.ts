import type { ScriptJob } from "./protocol.ts";
import type { RunEnd, ScriptThreadOptions } from "./script-thread-host.ts";
import { ScriptThread } from "./script-thread-host.ts";

export interface QueuedRun extends Omit<ScriptJob, "id"> {
  /** Tells programs apart. */
  readonly program: string;
}

interface Waiting {
  readonly run: QueuedRun;
  readonly done: PromiseWithResolvers<RunEnd>;
  /** Nobody waits for it any more. */
  abandoned: boolean;
}

export interface ScriptQueueOptions extends Omit<ScriptThreadOptions, "module"> {
  readonly loadModule: () => Promise<WebAssembly.Module>;
}

/**
 * Runs one after the other in one thread, which starts with the first of them. Runs of a program that was late before wait until
 * there are no others: an endless script must not hold up everybody's.
 */
export class ScriptQueue {
  readonly #options: ScriptQueueOptions;
  readonly #waiting: Waiting[] = [];
  readonly #slow = new Set<string>();
  #thread: ScriptThread | undefined;
  #working = false;

  constructor(options: ScriptQueueOptions) {
    this.#options = options;
  }

  /** Rejects when the engine cannot be loaded, and with the reason when the signal aborts, at once. */
  async run(run: QueuedRun, signal: AbortSignal): Promise<RunEnd> {
    signal.throwIfAborted();
    const waiting: Waiting = { run, done: Promise.withResolvers(), abandoned: false };
    const onAbort = () => this.#abandon(waiting, signal);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting.push(waiting);
    void this.#work();
    try {
      return await waiting.done.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async end(): Promise<void> {
    await this.#thread?.end();
  }

  #abandon(waiting: Waiting, signal: AbortSignal): void {
    const at = this.#waiting.indexOf(waiting);
    if (at >= 0) this.#waiting.splice(at, 1);
    waiting.abandoned = true;
    waiting.done.reject(signal.reason);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#runOne(next);
    this.#working = false;
  }

  #next(): Waiting | undefined {
    const first = this.#waiting.findIndex(({ run }) => !this.#slow.has(run.program));
    return this.#waiting.splice(Math.max(0, first), 1)[0];
  }

  async #runOne(waiting: Waiting): Promise<void> {
    const { program, ...job } = waiting.run;
    try {
      const module = await this.#options.loadModule();
      if (waiting.abandoned) return;
      const end = await this.#takeThread(module).run(job);
      if (end.kind === "late") this.#slow.add(program);
      else this.#slow.delete(program);
      waiting.done.resolve(end);
    } catch (error) {
      waiting.done.reject(error);
    }
  }

  #takeThread(module: WebAssembly.Module): ScriptThread {
    const { timeoutMs, maxMemoryMb } = this.#options;
    if (this.#thread?.alive !== true) this.#thread = new ScriptThread({ timeoutMs, maxMemoryMb, module });
    return this.#thread;
  }
}
