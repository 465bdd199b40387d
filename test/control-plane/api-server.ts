import { setTimeout as sleep } from "node:timers/promises";
import { callApiText } from "./api-client.ts";
import type { Layout } from "./layout.ts";

const pollMs = 40;

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves once the API server answers 200 on a path; throws when it ends or the time is over. */
export async function waitForApi(layout: Layout, path: string, options: WaitOptions): Promise<void> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  let last: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    if (deadline.aborted) {
      throw new Error(`${layout.server}${path}: did not answer 200 in ${options.timeoutMs} ms`, {
        cause: last,
      });
    }
    try {
      await callApiText(layout, { path, signal: deadline });
      return;
    } catch (error) {
      last = error;
    }
    await sleep(pollMs, undefined, { signal: options.signal });
  }
}
