import type { ObjectKey } from "#core/object/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";

/** An event could be missed only by a bug of the watch; looking again now and then keeps such a bug from hanging a sync. */
const lookAgainMs = 15_000;

/** Resolves when one of the objects changes, when the store closes, or after a while. Rejects with AbortError when the signal aborts. */
export async function awaitChange(
  live: LiveStore,
  keys: ReadonlySet<ObjectKey>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  using _subscription = live.onChange((change) => {
    if (keys.has(change.key)) resolve();
  });
  using _closing = live.onClose(resolve);
  using _timer = clock.after(lookAgainMs, resolve);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
