import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { RunOptions, Verdict } from "./run-seed.ts";

export type SeedOptions = Omit<RunOptions, "trace">;

/** A simulation that takes longer hangs in work that never waits for anything. */
const timeoutMs = 90_000;
const maxHeapMb = 1_500;

/** Runs simulations one after the other in a thread of their own, which can be ended when one of them never ends. */
export class SeedRunner implements AsyncDisposable {
  #thread: Worker | undefined;

  async run(options: SeedOptions): Promise<Verdict> {
    this.#thread ??= new Worker(new URL("./seed-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    const thread = this.#thread;
    const stop = new AbortController();
    const timer = setTimeout(
      () => stop.abort(new Error(`did not end within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    try {
      const answered = once(thread, "message", { signal: stop.signal });
      thread.postMessage(options);
      const [verdict] = (await answered) as [Verdict];
      return verdict;
    } catch (error) {
      this.#thread = undefined;
      void thread.terminate();
      const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
      const finding = reason instanceof Error ? reason.message : String(reason);
      return { seed: options.seed, findings: [`the simulation broke: ${finding}`], settledMs: 0, writes: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.terminate();
  }
}

export interface ManyOptions {
  readonly from: number;
  readonly count: number;
  readonly steps: number;
  /** How many at the same time. */
  readonly threads: number;
  /** Stops when so many have failed. */
  readonly maxFailures: number;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** Runs many seeds; gives the verdicts that found something, by seed. */
export async function runMany(options: ManyOptions): Promise<readonly Verdict[]> {
  const { from, count, steps, threads, maxFailures, onVerdict } = options;
  const failed: Verdict[] = [];
  let next = from;
  const work = async (): Promise<void> => {
    await using runner = new SeedRunner();
    while (next < from + count && failed.length < maxFailures) {
      const verdict = await runner.run({ seed: next++, steps });
      onVerdict?.(verdict);
      if (verdict.findings.length > 0) failed.push(verdict);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return failed.toSorted((a, b) => a.seed - b.seed);
}
