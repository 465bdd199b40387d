import type { ErrorCode, RetryClass } from "./catalog.ts";
import { errorCatalog } from "./catalog.ts";

export interface MooringErrorOptions {
  readonly cause?: unknown;
  /** What the error is about: an object key, an application key, a repository URL without credentials. */
  readonly key?: string;
  /** How long the other side asked us to wait before trying again. */
  readonly retryAfterMs?: number;
}

/** The one error class. The message is lowercase, object first, then the cause, then what to do; never a secret's value. */
export class MooringError extends Error {
  readonly code: ErrorCode;
  readonly key: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: MooringErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "MooringError";
    this.code = code;
    this.key = options.key;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retry(): RetryClass {
    return errorCatalog[this.code].retry;
  }
}

export function isMooringError(error: unknown, code?: ErrorCode): error is MooringError {
  return error instanceof MooringError && (code === undefined || error.code === code);
}

/** True for the error that an aborted signal throws; it marks a normal end, not a failure. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** The retry class of anything that was thrown; what is not a MooringError is a bug of ours. */
export function retryClassOf(error: unknown): RetryClass {
  return error instanceof MooringError ? error.retry : "bug";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For a log about a bug: the stack where there is one, else the message. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
