import { isAbortError, isMooringError, retryClassOf } from "#core/errors/index.ts";
import type { WorkQueue } from "./work-queue.ts";

/** How a reconcile ends. An error thrown by it is turned into a retry by its class. */
export type Outcome =
  | { readonly kind: "settled"; readonly requeueAfterMs?: number }
  | { readonly kind: "waiting"; readonly requeueAfterMs: number }
  | { readonly kind: "stalled" };

export interface WorkersOptions<K> {
  readonly queue: WorkQueue<K>;
  readonly concurrency: number;
  readonly reconcile: (key: K, signal: AbortSignal) => Promise<Outcome>;
  readonly onError: (key: K, error: unknown) => void;
  readonly signal: AbortSignal;
}

function settle<K>(queue: WorkQueue<K>, key: K, outcome: Outcome): void {
  switch (outcome.kind) {
    case "stalled":
      queue.forget(key);
      return;
    case "settled":
      queue.forget(key);
      if (outcome.requeueAfterMs !== undefined) queue.addAfter(key, outcome.requeueAfterMs);
      return;
    case "waiting":
      queue.addAfter(key, outcome.requeueAfterMs);
      return;
    default:
      throw new Error(`unhandled outcome: ${JSON.stringify(outcome satisfies never)}`);
  }
}

function settleError<K>(queue: WorkQueue<K>, key: K, error: unknown): void {
  switch (retryClassOf(error)) {
    case "never":
      queue.forget(key);
      return;
    case "now":
    case "backoff":
    case "bug":
      queue.retry(key, isMooringError(error) ? error.retryAfterMs : undefined);
      return;
    default:
      throw new Error("unhandled retry class", { cause: error });
  }
}

async function runWorker<K>(options: WorkersOptions<K>): Promise<void> {
  const { queue, signal } = options;
  while (!signal.aborted) {
    const key = await queue.next(signal);
    try {
      settle(queue, key, await options.reconcile(key, signal));
    } catch (error) {
      if (signal.aborted && isAbortError(error)) return;
      options.onError(key, error);
      settleError(queue, key, error);
    } finally {
      queue.done(key);
    }
  }
}

/** Works on the queue with N workers until the signal aborts, then waits for the work in hand to end. */
export async function runWorkers<K>(options: WorkersOptions<K>): Promise<void> {
  const workers = Array.from({ length: options.concurrency }, async () => {
    try {
      await runWorker(options);
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
  });
  await Promise.all(workers);
}
