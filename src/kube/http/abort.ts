import { isAbortError } from "#core/errors/index.ts";

/** The AbortError of an aborted signal, whatever reason it was aborted with. */
export function abortErrorOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && isAbortError(reason)) return reason;
  return Object.assign(new DOMException("aborted", "AbortError"), { cause: reason });
}
