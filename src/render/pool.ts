import type { Rendered } from "./protocol.ts";
import type { RenderTask, RenderWorker, RenderWorkerOptions } from "./render-worker.ts";
import { startRenderWorker } from "./render-worker.ts";

export interface RenderPool extends AsyncDisposable {
  /** Queues a task. `lane` shares the threads fairly: lanes take turns, however many tasks one of them has. */
  run(task: RenderTask, lane: string): Promise<Rendered>;
}

const unneeded = new DOMException("there are threads enough", "AbortError");

interface Waiting {
  readonly task: RenderTask;
  readonly done: PromiseWithResolvers<Rendered>;
  readonly onAbort: () => void;
}

/**
 * Threads beyond the number of workers, in the place of those that wait for a server: a slow registry then holds up who wants something
 * of it, and nobody else.
 */
const maxExtra = 16;

/**
 * A number of warm render threads, so many of which render at a time; a thread that crashed or had to be ended is replaced by the
 * next task.
 */
export function startPool(workers: number, options: RenderWorkerOptions): RenderPool {
  return new Pool(workers, options);
}

class Pool implements RenderPool {
  readonly #workers: number;
  readonly #options: RenderWorkerOptions;
  readonly #idle: RenderWorker[] = [];
  readonly #all = new Set<RenderWorker>();
  /** Tasks by lane, lanes in turn order. */
  readonly #lanes = new Map<string, Waiting[]>();
  #closed: Error | undefined;

  constructor(workers: number, options: RenderWorkerOptions) {
    this.#workers = workers;
    this.#options = { ...options, onWaiting: () => this.#dispatch() };
    this.#idle.push(this.#start());
  }

  async run(task: RenderTask, lane: string): Promise<Rendered> {
    task.signal.throwIfAborted();
    if (this.#closed !== undefined) throw this.#closed;
    const done = Promise.withResolvers<Rendered>();
    const waiting: Waiting = { task, done, onAbort: () => this.#abandon(lane, waiting) };
    task.signal.addEventListener("abort", waiting.onAbort, { once: true });
    const queue = this.#lanes.get(lane);
    if (queue === undefined) this.#lanes.set(lane, [waiting]);
    else queue.push(waiting);
    this.#dispatch();
    return done.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new DOMException("the renderer was closed", "AbortError");
    this.#closed = reason;
    for (const waiting of [...this.#lanes.values()].flat()) waiting.done.reject(reason);
    this.#lanes.clear();
    await Promise.all([...this.#all].map((worker) => worker.end(reason)));
  }

  #start(): RenderWorker {
    const worker = startRenderWorker(this.#options);
    this.#all.add(worker);
    return worker;
  }

  #abandon(lane: string, waiting: Waiting): void {
    const left = (this.#lanes.get(lane) ?? []).filter((other) => other !== waiting);
    if (left.length > 0) this.#lanes.set(lane, left);
    else this.#lanes.delete(lane);
    waiting.done.reject(waiting.task.signal.reason);
  }

  #dispatch(): void {
    while (this.#lanes.size > 0 && this.#closed === undefined && this.#hasRoom()) {
      const waiting = this.#next();
      if (waiting === undefined) return;
      const worker = this.#takeIdle(waiting.task.tenant) ?? this.#start();
      waiting.task.signal.removeEventListener("abort", waiting.onAbort);
      waiting.done.resolve(worker.run(waiting.task));
      void this.#recycle(worker);
    }
  }

  #hasRoom(): boolean {
    for (const worker of this.#idle.filter(({ alive }) => !alive)) {
      this.#idle.splice(this.#idle.indexOf(worker), 1);
      this.#all.delete(worker);
    }
    const busy = this.#busy();
    if (busy >= this.#workers) return false;
    return this.#idle.length > 0 || this.#all.size < this.#workers + maxExtra;
  }

  /** Threads that use a processor; after a wait it may be one more for a moment. */
  #busy(): number {
    const waiting = [...this.#all].filter((worker) => worker.waiting).length;
    return this.#all.size - this.#idle.length - waiting;
  }

  /** The thread that rendered for the tenant last, whose native engine is then kept; else the one used last. */
  #takeIdle(tenant: string): RenderWorker | undefined {
    const own = this.#idle.findLastIndex((worker) => worker.tenant === tenant);
    return own < 0 ? this.#idle.pop() : this.#idle.splice(own, 1)[0];
  }

  /** The first task of the lane whose turn it is; the lane goes to the end of the turn order. */
  #next(): Waiting | undefined {
    const [turn] = this.#lanes;
    if (turn === undefined) return undefined;
    const [lane, queue] = turn;
    const first = queue.shift();
    this.#lanes.delete(lane);
    if (queue.length > 0) this.#lanes.set(lane, queue);
    return first;
  }

  async #recycle(worker: RenderWorker): Promise<void> {
    const alive = await worker.whenFree();
    if (alive && this.#idle.length < this.#workers) this.#idle.push(worker);
    else {
      this.#all.delete(worker);
      void worker.end(unneeded);
    }
    this.#dispatch();
  }
}
