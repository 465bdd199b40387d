import { parseDuration } from "./duration.ts";
import type { OperationPhase } from "./phases.ts";

/** `spec.syncPolicy.retry` or `operation.retry`. */
interface RetryPolicy {
  /** How often to try again; below zero without end. */
  readonly limit?: number | undefined;
  readonly backoff?: RetryBackoff | undefined;
  /** Try again with the newest revision instead of the one that failed. */
  readonly refresh?: boolean | undefined;
}

interface RetryBackoff {
  readonly duration?: string | undefined;
  readonly factor?: number | undefined;
  readonly maxDuration?: string | undefined;
}

export interface RetryInput {
  readonly policy: RetryPolicy | undefined;
  readonly automated: boolean;
  readonly phase: OperationPhase;
  /** A guard refused the plan, or a user ended the operation: trying again would end the same way. */
  readonly final: boolean;
  /** Retries that this operation has had. */
  readonly retryCount: number;
  /** When the last attempt ended, Unix milliseconds. */
  readonly finishedAtMs: number;
}

export type RetryDecision =
  | { readonly retry: false; readonly because: "not-failed" | "final" | "limit-reached" | "no-retries" }
  | { readonly retry: true; readonly atMs: number; readonly attempt: number; readonly refresh: boolean };

const defaultAutomatedLimit = 5;
/** Beyond this exponent every backoff has long met its cap. */
const maxExponent = 64;
const defaults = { durationMs: 5_000, factor: 2, maxMs: 180_000 } as const;

/** How long to wait before retry number `retryCount + 1`: `duration × factor^retryCount`, capped. Throws CONFIG_INVALID. */
function planRetryWaitMs(policy: RetryPolicy | undefined, retryCount: number): number {
  const { duration, factor = defaults.factor, maxDuration } = policy?.backoff ?? {};
  const baseMs = duration === undefined ? defaults.durationMs : parseDuration(duration);
  const maxMs = maxDuration === undefined ? defaults.maxMs : parseDuration(maxDuration);
  return Math.min(baseMs * factor ** Math.min(retryCount, maxExponent), maxMs);
}

/** What the status of an operation says between two attempts, in Argo CD's words. Whole seconds, in UTC. */
export function formatRetryWait(
  message: string,
  { attempt, at }: { readonly attempt: number; readonly at: string },
): string {
  return `${message}. Retrying attempt #${attempt} at ${at}.`;
}

/** When the next attempt is due, RFC 3339, of an operation whose status says that it waits for one. */
export function viewRetryWait(message: string | undefined): string | undefined {
  return /\. Retrying attempt #\d+ at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.$/.exec(message ?? "")?.[1];
}

/**
 * Whether and when a failed operation runs again. Without a policy an automated sync is retried 5 times and a manual one
 * never. Throws CONFIG_INVALID when the policy's durations cannot be read.
 */
export function decideRetry(input: RetryInput): RetryDecision {
  const { policy, retryCount } = input;
  if (input.phase !== "Failed" && input.phase !== "Error") return { retry: false, because: "not-failed" };
  if (input.final) return { retry: false, because: "final" };
  const limit = policy === undefined ? (input.automated ? defaultAutomatedLimit : 0) : (policy.limit ?? 0);
  if (limit === 0) return { retry: false, because: "no-retries" };
  if (limit > 0 && retryCount >= limit) return { retry: false, because: "limit-reached" };
  return {
    retry: true,
    atMs: input.finishedAtMs + planRetryWaitMs(policy, retryCount),
    attempt: retryCount + 1,
    refresh: policy?.refresh ?? false,
  };
}
