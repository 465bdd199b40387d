import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Condition } from "../base/conditions.ts";
import { conditionOf, conditionsOf, isConditionTrue, withCondition } from "../base/conditions.ts";
import { nonZero, present } from "../base/owned.ts";
import { formatIndexes } from "./indexes.ts";
import type { Tally, Verdict } from "./job-tally.ts";
import { isSuspended } from "./job-view.ts";

interface JobMoment {
  readonly tally: Tally;
  readonly verdict: Verdict | undefined;
  readonly now: number;
}

/** The status of a Job; what it ends with is said at once, that it has ended when no pod runs any more. */
export function jobStatus(job: KubeObject, { tally, verdict, now }: JobMoment): JsonObject {
  const time = formatTime(now);
  const conditions = jobConditions(job, { tally, verdict, now });
  const isComplete = conditions.some(({ type, status }) => type === "Complete" && status === "True");
  return present({
    conditions: conditions.length === 0 ? undefined : conditions,
    startTime: startTime(job, time),
    completionTime: isComplete ? (viewString(job, "status", "completionTime") ?? time) : undefined,
    active: nonZero(tally.active.length),
    succeeded: nonZero(tally.succeeded),
    failed: nonZero(tally.failed),
    terminating: tally.terminating,
    completedIndexes: tally.completed && (formatIndexes(tally.completed) || undefined),
    uncountedTerminatedPods: {},
    ready: tally.ready,
  });
}

/** A Job that goes on after a pause begins anew. */
function startTime(job: KubeObject, time: string): string | undefined {
  const known = viewString(job, "status", "startTime");
  if (isSuspended(job)) return known;
  return known === undefined || isConditionTrue(job, "Suspended") ? time : known;
}

function jobConditions(job: KubeObject, { tally, verdict, now }: JobMoment): readonly Condition[] {
  const time = formatTime(now);
  const set = (conditions: readonly Condition[], condition: Condition): readonly Condition[] => {
    const known = conditions.find(({ type }) => type === condition.type);
    if (known?.status === condition.status) return conditions;
    return withCondition(conditions, { ...condition, lastProbeTime: time }, time);
  };
  const live = conditionsOf(job);
  if (verdict === undefined) {
    const pause = suspension(job);
    return pause === undefined ? live : set(live, pause);
  }
  const { hasSucceeded, reason, message } = verdict;
  const said = { status: "True", reason, message } as const;
  const announced = set(live, { type: hasSucceeded ? "SuccessCriteriaMet" : "FailureTarget", ...said });
  if (tally.active.length + tally.terminating > 0) return announced;
  return set(announced, { type: hasSucceeded ? "Complete" : "Failed", ...said });
}

function suspension(job: KubeObject): Condition | undefined {
  if (isSuspended(job)) {
    return { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" };
  }
  if (conditionOf(job, "Suspended") === undefined) return undefined;
  return { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" };
}

/** What was said of how a Job ends, before its last pod was gone. */
export function announcedVerdict(job: KubeObject): Verdict | undefined {
  const success = conditionOf(job, "SuccessCriteriaMet");
  const found = success ?? conditionOf(job, "FailureTarget");
  if (found?.status !== "True") return undefined;
  const { reason = "", message = "" } = found;
  return { hasSucceeded: found === success, reason, message };
}
