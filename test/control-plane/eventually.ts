import { setTimeout as sleep } from "node:timers/promises";

export interface EventuallyOptions {
  /** 20 seconds unless told. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Repeats an assertion until it does not throw and returns its value; throws what it last threw. */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 20_000, intervalMs = 50, signal }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(intervalMs, undefined, { signal });
  }
}
