import type { ObjectKey } from "#core/object/index.ts";
import { formatDuration } from "./duration.ts";
import type { OperationPhase } from "./phases.ts";
import { compareText } from "./kind-order.ts";

/** `spec.syncPolicy.automated`. */
interface AutomatedPolicy {
  readonly prune?: boolean | undefined;
  readonly selfHeal?: boolean | undefined;
  readonly allowEmpty?: boolean | undefined;
  /** False switches automation off and keeps its settings. */
  readonly enabled?: boolean | undefined;
}

/** The application's last operation that was not a dry run. */
export interface LastOperation {
  readonly phase: OperationPhase;
  readonly revision: string;
  /** Digest of the source settings that were synced: another path or parameter is another attempt. */
  readonly sourceDigest: string;
  /** Unix milliseconds; undefined while it runs. */
  readonly finishedAtMs: number | undefined;
  /** `operation.sync.autoHealAttemptsCount`: self-heals in a row at this revision, this one included. */
  readonly autoHealAttempts: number;
  readonly message?: string | undefined;
}

export interface AutoSyncInput {
  readonly policy: AutomatedPolicy | undefined;
  readonly syncStatus: "Synced" | "OutOfSync" | "Unknown";
  /** An operation is requested, running, or waits for a retry. */
  readonly operationRunning: boolean;
  readonly deleting: boolean;
  readonly lastOperation: LastOperation | undefined;
  readonly desiredRevision: string;
  readonly sourceDigest: string;
  readonly outOfSync: readonly { readonly key: ObjectKey; readonly requiresPrune: boolean }[];
  /** The render produced no object other than hooks. */
  readonly empty: boolean;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

export type AutoSyncDecision =
  | {
      readonly sync: false;
      readonly because:
        | "disabled"
        | "deleting"
        | "operation-running"
        | "not-out-of-sync"
        | "prune-only"
        | "synced-before";
      readonly message: string;
    }
  /** `condition` is the type of the Application condition that tells the user. */
  | {
      readonly sync: false;
      readonly because: "failed-before" | "empty";
      readonly message: string;
      readonly condition: "SyncError";
    }
  | {
      readonly sync: false;
      readonly because: "backing-off";
      readonly message: string;
      readonly retryAtMs: number;
    }
  | {
      readonly sync: true;
      readonly because: "new-revision";
      readonly message: string;
      readonly prune: boolean;
    }
  | {
      readonly sync: true;
      readonly because: "self-heal";
      readonly message: string;
      readonly prune: boolean;
      /** For `operation.sync.autoHealAttemptsCount`. */
      readonly attempt: number;
      /** Only these are synced, so no hook runs. */
      readonly resources: readonly ObjectKey[];
    };

/** A heal that has held for this long starts the backoff over; longer than the longest wait, or a fight would reset it. */
const healCooldownMs = 330_000;
/** Times are written as whole seconds, and by another machine perhaps. */
const clockSkewMs = 10_000;
const healWaitMs = { first: 2_000, factor: 3, max: 300_000 } as const;

/** The wait before the next self-heal at the same revision: 0, 2, 6, 18, 54, 162, then 300 seconds. */
function planHealWaitMs(attempts: number): number {
  if (attempts <= 0) return 0;
  return Math.min(healWaitMs.first * healWaitMs.factor ** Math.min(attempts - 1, 8), healWaitMs.max);
}

/**
 * Whether the controller starts a sync by itself. A revision that was tried is not tried again, except to undo drift
 * after it had succeeded: a failed one is repeated by the retry policy or by a new commit only.
 */
export function decideAutoSync(input: AutoSyncInput): AutoSyncDecision {
  return refuseEarly(input) ?? refuseRepeat(input) ?? refuseEmpty(input) ?? start(input);
}

function refuseEarly(input: AutoSyncInput): AutoSyncDecision | undefined {
  const { policy } = input;
  if (policy === undefined || policy.enabled === false) {
    return { sync: false, because: "disabled", message: "automated sync is off" };
  }
  if (input.deleting)
    return { sync: false, because: "deleting", message: "the application is being deleted" };
  const { lastOperation } = input;
  if (
    input.operationRunning ||
    lastOperation?.phase === "Running" ||
    lastOperation?.phase === "Terminating"
  ) {
    return { sync: false, because: "operation-running", message: "another operation is in progress" };
  }
  if (input.syncStatus !== "OutOfSync") {
    return { sync: false, because: "not-out-of-sync", message: `sync status is ${input.syncStatus}` };
  }
  if (input.outOfSync.length === 0) {
    // A self-heal of no resources would be read as a sync of all of them.
    return { sync: false, because: "not-out-of-sync", message: "no resource is out of sync" };
  }
  if (policy.prune !== true && input.outOfSync.every((one) => one.requiresPrune)) {
    return {
      sync: false,
      because: "prune-only",
      message: "only extra resources are left to prune, and automated prune is off",
    };
  }
  return undefined;
}

function wasAttempted({ lastOperation, desiredRevision, sourceDigest }: AutoSyncInput): boolean {
  return lastOperation?.revision === desiredRevision && lastOperation.sourceDigest === sourceDigest;
}

function refuseRepeat(input: AutoSyncInput): AutoSyncDecision | undefined {
  const { lastOperation, policy, desiredRevision } = input;
  if (lastOperation === undefined || !wasAttempted(input)) return undefined;
  if (lastOperation.phase !== "Succeeded") {
    const reason = lastOperation.message === undefined ? "" : `: ${lastOperation.message}`;
    return {
      sync: false,
      because: "failed-before",
      condition: "SyncError",
      message: `failed last sync attempt to ${desiredRevision}${reason}; sync by hand, or commit a change`,
    };
  }
  if (policy?.selfHeal !== true) {
    return {
      sync: false,
      because: "synced-before",
      message: `most recent sync was already to ${desiredRevision}`,
    };
  }
  const waitMs = planHealWaitMs(healAttempts(input));
  const finishedAtMs = lastOperation.finishedAtMs ?? input.nowMs;
  const retryAtMs = finishedAtMs + waitMs;
  // One that ended in the future says that the clock was set back: drift does not wait for it to catch up.
  if (retryAtMs <= input.nowMs || finishedAtMs > input.nowMs + clockSkewMs) return undefined;
  return {
    sync: false,
    because: "backing-off",
    retryAtMs,
    message: `drift came back after ${healAttempts(input)} self-heals in a row; next one in ${formatDuration(retryAtMs - input.nowMs)}`,
  };
}

/** How often in a row drift was undone at the revision that is desired, and came back. */
export function countHeals(input: AutoSyncInput): number {
  const heals = input.policy?.selfHeal === true && input.policy.enabled !== false && wasAttempted(input);
  return heals && input.lastOperation?.phase === "Succeeded" ? healAttempts(input) : 0;
}

/** Self-heals in a row so far; a quiet time since the last one ends the row. */
function healAttempts({ lastOperation, nowMs }: AutoSyncInput): number {
  if (lastOperation === undefined) return 0;
  const quietMs = nowMs - (lastOperation.finishedAtMs ?? nowMs);
  return quietMs >= healCooldownMs ? 0 : lastOperation.autoHealAttempts;
}

function refuseEmpty(input: AutoSyncInput): AutoSyncDecision | undefined {
  const { policy, outOfSync, empty } = input;
  if (policy?.prune !== true || policy.allowEmpty === true) return undefined;
  const wipesOut = empty && outOfSync.some((one) => one.requiresPrune);
  if (!wipesOut) return undefined;
  return {
    sync: false,
    because: "empty",
    condition: "SyncError",
    message: `${input.desiredRevision} renders no object, and syncing it would prune all ${outOfSync.length} resources; set syncPolicy.automated.allowEmpty=true if that is meant`,
  };
}

function start(input: AutoSyncInput): AutoSyncDecision {
  const prune = input.policy?.prune ?? false;
  if (!wasAttempted(input)) {
    return {
      sync: true,
      because: "new-revision",
      prune,
      message: `automated sync to ${input.desiredRevision}`,
    };
  }
  const resources = input.outOfSync.filter((one) => prune || !one.requiresPrune).map((one) => one.key);
  const attempt = healAttempts(input) + 1;
  return {
    sync: true,
    because: "self-heal",
    prune,
    attempt,
    resources: resources.toSorted(compareText),
    message: `self-heal ${attempt} of ${resources.length} resources at ${input.desiredRevision}`,
  };
}
