import type { MooringError } from "#core/errors/index.ts";
import { isMooringError } from "#core/errors/index.ts";

/** What a repository is to blame for, and what may pass. */
export function isGitProblem(error: unknown): error is MooringError {
  return isMooringError(error) && error.code.startsWith("GIT_") && error.retry !== "bug";
}
