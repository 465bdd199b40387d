import type { KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { isDeleting } from "../base/owned.ts";
import { isActive, isFinished, isReady, phaseOf } from "../base/pod-view.ts";
import { indexOf, parseIndexes } from "./indexes.ts";
import { completionsOf, hasFailed, isTracked } from "./job-view.ts";

/** What a Job's pods have come to. */
export interface Tally {
  readonly active: readonly KubeObject[];
  readonly ready: number;
  readonly terminating: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Counted now for the first time: they need not be kept any longer. */
  readonly counted: readonly KubeObject[];
  readonly newlyFailed: number;
  readonly newlySucceeded: number;
  /** Of a Job that gives its pods numbers. */
  readonly completed: ReadonlySet<number> | undefined;
}

export function tallyOf(job: KubeObject, pods: readonly KubeObject[]): Tally {
  const active = pods.filter(isActive);
  const tracked = pods.filter(isTracked);
  const succeeded = tracked.filter((pod) => phaseOf(pod) === "Succeeded");
  const failed = tracked.filter((pod) => hasFailed(job, pod));
  const abandoned = tracked.filter(
    (pod) => isDeleting(pod) && !succeeded.includes(pod) && !failed.includes(pod),
  );
  const completed = completedIndexes(job, succeeded);
  const known = viewNumber(job, "status", "succeeded") ?? 0;
  return {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => isDeleting(pod) && !isFinished(pod)).length,
    succeeded: completed?.size ?? known + succeeded.length,
    failed: (viewNumber(job, "status", "failed") ?? 0) + failed.length,
    counted: [...succeeded, ...failed, ...abandoned],
    newlyFailed: failed.length,
    newlySucceeded: succeeded.length,
    completed,
  };
}

function completedIndexes(
  job: KubeObject,
  succeeded: readonly KubeObject[],
): ReadonlySet<number> | undefined {
  if (viewString(job, "spec", "completionMode") !== "Indexed") return undefined;
  const before = parseIndexes(viewString(job, "status", "completedIndexes") ?? "");
  return before.union(new Set(succeeded.map(indexOf)));
}

export interface Verdict {
  readonly hasSucceeded: boolean;
  readonly reason: string;
  readonly message: string;
}

/** How a Job ends; undefined while it goes on. */
export function verdictOf(job: KubeObject, tally: Tally, now: number): Verdict | undefined {
  const limit = viewNumber(job, "spec", "backoffLimit") ?? 6;
  if (tally.failed > limit || isPastRestarts(job, tally, limit)) {
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  const left = deadlineInMs(job, now);
  if (left !== undefined && left <= 0) {
    return failure("DeadlineExceeded", "Job was active longer than specified deadline");
  }
  const completions = completionsOf(job);
  const isDone =
    completions === undefined
      ? tally.succeeded > 0 && tally.active.length === 0
      : tally.succeeded >= completions;
  if (!isDone) return undefined;
  const message = "Reached expected number of succeeded pods";
  return { hasSucceeded: true, reason: "CompletionsReached", message };
}

function failure(reason: string, message: string): Verdict {
  return { hasSucceeded: false, reason, message };
}

/** Milliseconds until a Job has run too long; undefined without a limit. */
export function deadlineInMs(job: KubeObject, now: number): number | undefined {
  const seconds = viewNumber(job, "spec", "activeDeadlineSeconds");
  const started = viewString(job, "status", "startTime");
  if (seconds === undefined || started === undefined) return undefined;
  return Date.parse(started) + seconds * 1000 - now;
}

/** Containers that are started again in their pod are counted as failures, too. */
function isPastRestarts(job: KubeObject, { active }: Tally, limit: number): boolean {
  if (viewString(job, "spec", "template", "spec", "restartPolicy") !== "OnFailure") return false;
  const restarts = active
    .flatMap((pod) => [
      ...viewArray(pod, "status", "initContainerStatuses"),
      ...viewArray(pod, "status", "containerStatuses"),
    ])
    .filter(isJsonObject)
    .reduce((sum, status) => sum + (viewNumber(status, "restartCount") ?? 0), 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
