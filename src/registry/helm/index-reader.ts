import { Worker } from "node:worker_threads";
import { Semaphore } from "#runtime/semaphore.ts";
import type { ChartList, FoundChart } from "./find-chart.ts";

export interface IndexJob {
  readonly id: number;
  /** The index, compressed by us. */
  readonly packed: Uint8Array;
  /** The chart that is looked for; undefined to list them all. */
  readonly name: string | undefined;
  readonly maxBytes: number;
}

export interface IndexAnswer {
  readonly id: number;
  readonly found: FoundChart | ChartList;
}

export interface IndexReaderOptions {
  readonly maxIndexBytes: number;
  readonly timeoutMs: number;
}

interface Question {
  readonly packed: Uint8Array;
  readonly name: string | undefined;
  readonly signal: AbortSignal;
}

const maxThreads = 2;
const idleMs = 60_000;
const maxHeapMb = 1024;

/** An index that took too long or too much memory to read. */
export class IndexUnreadable extends Error {}

/** Finds charts in indexes, in threads of their own: an index may have 100 MB and be made to hurt. */
export class IndexReader implements AsyncDisposable {
  readonly #options: IndexReaderOptions;
  readonly #places = new Semaphore(maxThreads);
  readonly #idle = new Map<Worker, NodeJS.Timeout>();
  readonly #all = new Set<Worker>();
  #lastId = 0;

  constructor(options: IndexReaderOptions) {
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
  }

  /** Throws IndexUnreadable and AbortError. */
  async find(packed: Uint8Array, name: string, signal: AbortSignal): Promise<FoundChart> {
    return (await this.#run({ packed, name, signal })) as FoundChart;
  }

  /** Throws IndexUnreadable and AbortError. */
  async list(packed: Uint8Array, signal: AbortSignal): Promise<ChartList> {
    return (await this.#run({ packed, name: undefined, signal })) as ChartList;
  }

  async #run({ packed, name, signal }: Question): Promise<IndexAnswer["found"]> {
    return await this.#places.run(async () => {
      const thread = this.#take();
      try {
        const found = await this.#ask(thread, { packed, name, signal });
        this.#giveBack(thread);
        return found;
      } catch (error) {
        await thread.terminate();
        throw error;
      }
    }, signal);
  }

  #take(): Worker {
    const [known] = this.#idle;
    if (known !== undefined) {
      const [thread, timer] = known;
      clearTimeout(timer);
      this.#idle.delete(thread);
      thread.ref();
      return thread;
    }
    const thread = new Worker(new URL("../thread/index-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
      env: {},
    });
    this.#all.add(thread);
    // A thread that dies while it is idle must not take the process along.
    thread.on("error", () => undefined);
    thread.once("exit", () => {
      this.#all.delete(thread);
      clearTimeout(this.#idle.get(thread));
      this.#idle.delete(thread);
    });
    return thread;
  }

  #giveBack(thread: Worker): void {
    thread.unref();
    const timer = setTimeout(() => void thread.terminate(), idleMs);
    timer.unref();
    this.#idle.set(thread, timer);
  }

  async #ask(thread: Worker, { packed, name, signal }: Question): Promise<IndexAnswer["found"]> {
    const { promise, resolve, reject } = Promise.withResolvers<IndexAnswer["found"]>();
    this.#lastId += 1;
    const id = this.#lastId;
    const { timeoutMs, maxIndexBytes: maxBytes } = this.#options;
    const onMessage = (answer: IndexAnswer) => {
      if (answer.id === id) resolve(answer.found);
    };
    const onError = (error: Error) =>
      reject(new IndexUnreadable("it takes too much memory to read", { cause: error }));
    const onExit = () => reject(new IndexUnreadable("its reader ended"));
    const onAbort = () => reject(signal.reason);
    const timer = setTimeout(() => reject(new IndexUnreadable("it takes too long to read")), timeoutMs);
    thread.on("message", onMessage).on("error", onError).on("exit", onExit);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      thread.postMessage({ id, packed, name, maxBytes } satisfies IndexJob);
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      thread.off("message", onMessage).off("error", onError).off("exit", onExit);
    }
  }
}
