import { MooringError } from "#core/errors/index.ts";

/** A request that is refused because of its token; `why` says what is wrong with it, never what it holds. */
export function unauthenticated(why: string, cause?: unknown): MooringError {
  return new MooringError("API_UNAUTHENTICATED", `${why}; log in again or use another token`, { cause });
}
