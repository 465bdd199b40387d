import type { Clock } from "#runtime/clock.ts";
import type { StoreKey } from "../../storage/store.ts";
import { backoffMs } from "../timings.ts";
import type { Controller } from "./controller.ts";

/** How many objects are looked at before other work of the process gets its turn. */
const turn = 50;
const maxRetryMs = 300_000;

interface WorkLoopOptions {
  readonly clock: Clock;
  readonly retryMs: number;
  readonly onFailure: (error: unknown) => void;
}

interface Work {
  readonly controller: Controller;
  readonly key: StoreKey;
}

/** Gives controllers their keys: one after the other, in the order in which they came, none twice. */
export class WorkLoop implements Disposable {
  readonly #options: WorkLoopOptions;
  readonly #queue = new Map<string, Work>();
  readonly #timers = new Map<string, Disposable>();
  readonly #failures = new Map<string, number>();
  #scheduled: Disposable | undefined;
  #isStopped = false;

  constructor(options: WorkLoopOptions) {
    this.#options = options;
  }

  add(controller: Controller, key: StoreKey): void {
    this.#enqueue(idOf(controller, key), { controller, key });
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#scheduled?.[Symbol.dispose]();
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
  }

  #enqueue(id: string, work: Work): void {
    if (!this.#queue.has(id)) this.#queue.set(id, work);
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isStopped) this.#scheduled ??= this.#options.clock.after(0, () => this.#run());
  }

  #run(): void {
    let count = 0;
    for (const [id, work] of this.#queue) {
      if (count === turn) break;
      count += 1;
      this.#queue.delete(id);
      this.#look(id, work);
    }
    this.#scheduled = undefined;
    if (this.#queue.size > 0) this.#schedule();
  }

  #look(id: string, work: Work): void {
    try {
      this.#lookAgain(id, work, work.controller.sync(work.key));
      this.#failures.delete(id);
    } catch (error) {
      const before = this.#failures.get(id) ?? 0;
      this.#failures.set(id, before + 1);
      this.#lookAgain(id, work, backoffMs(this.#options.retryMs, maxRetryMs, before));
      this.#options.onFailure(error);
    }
  }

  #lookAgain(id: string, work: Work, ms: number | undefined): void {
    this.#timers.get(id)?.[Symbol.dispose]();
    this.#timers.delete(id);
    if (ms === undefined || this.#isStopped) return;
    const timer = this.#options.clock.after(Math.max(0, ms), () => {
      this.#timers.delete(id);
      this.#enqueue(id, work);
    });
    this.#timers.set(id, timer);
  }
}

function idOf({ name }: Controller, { namespace, name: object }: StoreKey): string {
  return `${name} ${namespace} ${object}`;
}
