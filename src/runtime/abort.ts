import { isAbortError } from "#core/errors/index.ts";

/** The AbortError of an aborted signal, whatever reason it was aborted with. */
export function abortErrorOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && isAbortError(reason)) return reason;
  return Object.assign(new DOMException("aborted", "AbortError"), { cause: reason });
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortErrorOf(signal);
}

interface Waits {
  readonly rejects: Set<(error: Error) => void>;
  readonly onAbort: () => void;
}

const waitsBySignal = new WeakMap<AbortSignal, Waits>();

/**
 * One listener for each signal, whatever the number of waits: adding a listener to an AbortSignal takes time proportional to
 * those it has, and one signal often stands behind thousands of reads.
 */
function waitsOf(signal: AbortSignal): Waits {
  const found = waitsBySignal.get(signal);
  if (found !== undefined) return found;
  const rejects = new Set<(error: Error) => void>();
  const onAbort = () => {
    const error = abortErrorOf(signal);
    for (const reject of rejects) reject(error);
  };
  const waits = { rejects, onAbort };
  waitsBySignal.set(signal, waits);
  signal.addEventListener("abort", onAbort, { once: true });
  return waits;
}

/** Waits for work that others may share: an abort ends the wait, not the work. */
export async function waitOrAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // When the wait ends first, a later failure of the work must not count as unhandled.
  work.catch(() => undefined);
  throwIfAborted(signal);
  const wait = Promise.withResolvers<T>();
  const waits = waitsOf(signal);
  waits.rejects.add(wait.reject);
  work.then(wait.resolve, wait.reject);
  try {
    return await wait.promise;
  } finally {
    waits.rejects.delete(wait.reject);
    if (waits.rejects.size === 0) {
      waitsBySignal.delete(signal);
      signal.removeEventListener("abort", waits.onAbort);
    }
  }
}
