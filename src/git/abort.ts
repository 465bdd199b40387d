/** The error that a wait ends with when its signal aborts. */
export function abortErrorOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === "AbortError") return reason;
  const error = new Error("the operation was aborted", { cause: reason });
  error.name = "AbortError";
  return error;
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortErrorOf(signal);
}

/** Waits for work that others may share: an abort ends the wait, not the work. */
export async function waitOrAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // When the wait ends first, a later failure of the work must not count as unhandled.
  work.catch(() => undefined);
  throwIfAborted(signal);
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(abortErrorOf(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
