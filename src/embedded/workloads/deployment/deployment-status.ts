import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewNumber, viewObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Condition } from "../base/conditions.ts";
import { conditionOf, conditionsOf, withCondition } from "../base/conditions.ts";
import { nameOf, nonZero, present } from "../base/owned.ts";
import { replicasOf, sumStatus } from "./replica-set-view.ts";
import type { Rollout } from "./rollout.ts";
import { allSets, boundsOf } from "./rollout.ts";

/** No deadline at all: what API version extensions/v1beta1 has as a default. */
const noDeadline = 2_147_483_647;

export interface Counts {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

export function countsOf(rollout: Rollout): Counts {
  const all = allSets(rollout);
  return {
    replicas: sumStatus(all, "replicas"),
    updated: rollout.next === undefined ? 0 : sumStatus([rollout.next], "replicas"),
    ready: sumStatus(all, "readyReplicas"),
    available: sumStatus(all, "availableReplicas"),
  };
}

/** Everything runs, and with the new template alone. */
export function isComplete({ deployment }: Rollout, { updated, replicas, available }: Counts): boolean {
  const wanted = replicasOf(deployment);
  return updated === wanted && replicas === wanted && available === wanted;
}

/** The status without what is said of progress. */
export function deploymentStatus(
  rollout: Rollout,
  conditions: readonly Condition[],
  now: number,
): JsonObject {
  const { deployment } = rollout;
  const counts = countsOf(rollout);
  const time = formatTime(now);
  const available = withUpdate(conditions, availability(rollout, counts), time);
  return present({
    observedGeneration: deployment.metadata.generation,
    replicas: nonZero(counts.replicas),
    updatedReplicas: nonZero(counts.updated),
    readyReplicas: nonZero(counts.ready),
    availableReplicas: nonZero(counts.available),
    unavailableReplicas: nonZero(Math.max(0, sumReplicasWanted(rollout) - counts.available)),
    conditions: withFailure(available, rollout, time),
    collisionCount: viewNumber(deployment, "status", "collisionCount"),
  });
}

function sumReplicasWanted(rollout: Rollout): number {
  return allSets(rollout).reduce((sum, set) => sum + replicasOf(set), 0);
}

function availability(rollout: Rollout, { available }: Counts): Condition {
  const least = replicasOf(rollout.deployment) - boundsOf(rollout).unavailable;
  return available >= least
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

/** A condition whose text stays as it is says so with its time of update. */
function withUpdate(conditions: readonly Condition[], next: Condition, time: string): readonly Condition[] {
  const known = conditions.find(({ type }) => type === next.type);
  if (known?.status === next.status && known.reason === next.reason) return conditions;
  return withCondition(conditions, { ...next, lastUpdateTime: time }, time);
}

function withFailure(conditions: readonly Condition[], rollout: Rollout, time: string): readonly Condition[] {
  const failure = allSets(rollout)
    .toReversed()
    .map((set) => conditionOf(set, "ReplicaFailure"))
    .find((condition) => condition?.status === "True");
  const others = conditions.filter(({ type }) => type !== "ReplicaFailure");
  if (failure === undefined) return others;
  return [...others, { ...failure, lastUpdateTime: failure.lastTransitionTime ?? time }];
}

/** What is said of a rollout's progress, and when its deadline is over. */
export function progressOf(
  rollout: Rollout,
  {
    live,
    isCreated,
    now,
  }: { readonly live: readonly Condition[]; readonly isCreated: boolean; readonly now: number },
): { readonly conditions: readonly Condition[]; readonly againMs: number | undefined } {
  const { deployment } = rollout;
  const deadline = viewNumber(deployment, "spec", "progressDeadlineSeconds") ?? noDeadline;
  if (deadline === noDeadline) {
    return { conditions: live.filter(({ type }) => type !== "Progressing"), againMs: undefined };
  }
  const deadlineMs = deadline * 1000;
  const current = live.find(({ type }) => type === "Progressing");
  const next = progress(rollout, { current, isCreated, isOver: isOver(current, now - deadlineMs) });
  const time = formatTime(now);
  const conditions = next === undefined ? live : withCondition(live, { ...next, lastUpdateTime: time }, time);
  const said = conditions.find(({ type }) => type === "Progressing");
  const waits = said !== undefined && said.status !== "False" && said.reason !== "NewReplicaSetAvailable";
  const since = Date.parse(said?.lastUpdateTime ?? "");
  // Times have whole seconds; a look within the same second would find nothing new.
  return { conditions, againMs: waits ? Math.max(0, since + deadlineMs - now) + 1000 : undefined };
}

function isOver(current: Condition | undefined, latestMs: number): boolean {
  return (
    current !== undefined && current.status !== "False" && Date.parse(current.lastUpdateTime ?? "") < latestMs
  );
}

interface Moment {
  readonly current: Condition | undefined;
  readonly isCreated: boolean;
  readonly isOver: boolean;
}

/** Undefined when there is nothing new to say. */
function progress(rollout: Rollout, { current, isCreated, isOver: isLate }: Moment): Condition | undefined {
  const { deployment, next } = rollout;
  const name = JSON.stringify(nameOf(next ?? deployment));
  if (isCreated) return moving("NewReplicaSetCreated", `Created new replica set ${name}`);
  const counts = countsOf(rollout);
  if (isComplete(rollout, counts)) {
    const done = moving("NewReplicaSetAvailable", `ReplicaSet ${name} has successfully progressed.`);
    return current?.reason === done.reason && current?.message === done.message ? undefined : done;
  }
  const wasComplete = current?.reason === "NewReplicaSetAvailable";
  // Pods that are lost or added later are no rollout.
  if (wasComplete && counts.replicas === counts.updated) return undefined;
  if (hasMoved(deployment, counts)) return moving("ReplicaSetUpdated", `ReplicaSet ${name} is progressing.`);
  if (current === undefined) return moving("FoundNewReplicaSet", `Found new replica set ${name}`);
  if (wasComplete || !isLate) return undefined;
  const message = `ReplicaSet ${name} has timed out progressing.`;
  return { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message };
}

function moving(reason: string, message: string): Condition {
  return { type: "Progressing", status: "True", reason, message };
}

function hasMoved(deployment: KubeObject, { replicas, updated, ready, available }: Counts): boolean {
  const before = viewObject(deployment, "status");
  const count = (field: string) => viewNumber(before, field) ?? 0;
  return (
    updated > count("updatedReplicas") ||
    replicas - updated < count("replicas") - count("updatedReplicas") ||
    ready > count("readyReplicas") ||
    available > count("availableReplicas")
  );
}

/** The conditions with what is said of a pause that begins or ends. */
export function pausedConditions(deployment: KubeObject, now: number): readonly Condition[] {
  const live = conditionsOf(deployment);
  const current = conditionOf(deployment, "Progressing");
  const isPaused = viewObject(deployment, "spec")["paused"] === true;
  const isTold = current?.reason === "DeploymentPaused";
  if (isPaused === isTold || current?.reason === "ProgressDeadlineExceeded") return live;
  const [reason, message] = isPaused
    ? ["DeploymentPaused", "Deployment is paused"]
    : ["DeploymentResumed", "Deployment is resumed"];
  const time = formatTime(now);
  const condition = {
    type: "Progressing",
    status: "Unknown",
    reason,
    message,
    lastUpdateTime: time,
  } as const;
  return withCondition(live, condition, time);
}
