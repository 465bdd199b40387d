import { isAbortError } from "#core/errors/index.ts";

/** The AbortError of an aborted signal, whatever reason it was aborted with. */
export function abortErrorOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && isAbortError(reason)) return reason;
  return Object.assign(new DOMException("aborted", "AbortError"), { cause: reason });
}

/** Waits for work that others share: an abort ends the waiting, not the work. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw abortErrorOf(signal);
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(abortErrorOf(signal));
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
