import { useSyncExternalStore } from "react";
import { formatAgo, formatExact } from "../../lib/format.ts";

const everyMs = 10_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = Date.now();
  for (const each of listeners) each();
}

/** One clock for the whole page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, everyMs);
  if (Date.now() - nowMs > everyMs) tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of now, renewed every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

/** How long ago, with the exact time on hover. */
export function Ago({ time }: { readonly time: string | undefined }) {
  const now = useNow();
  if (time === undefined || time === "") return null;
  return (
    <time dateTime={time} title={formatExact(time)}>
      {formatAgo(time, now)}
    </time>
  );
}
