import { abortErrorOf } from "./abort.ts";
import type { Clock } from "./clock.ts";

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  readonly expired: boolean;
}

/**
 * A signal that aborts with its parent or after `timeoutMs`. Unlike AbortSignal.any it leaves nothing behind on a
 * parent that lives as long as the process.
 */
export function startDeadline(parent: AbortSignal, timeoutMs: number, clock: Clock): Deadline {
  const controller = new AbortController();
  let expired = false;
  const follow = (): void => controller.abort(abortErrorOf(parent));
  const timer = clock.after(timeoutMs, () => {
    expired = true;
    controller.abort(new DOMException("deadline reached", "AbortError"));
  });
  if (parent.aborted) follow();
  else parent.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      parent.removeEventListener("abort", follow);
    },
  };
}
