import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewObject, viewPath, viewString } from "#core/object/index.ts";
import { resolveIntOrPercent } from "../base/int-or-percent.ts";
import { byAge } from "../base/owned.ts";
import { availableOf, replicasOf, sumReplicas, sumStatus } from "./replica-set-view.ts";

/** A Deployment with its ReplicaSets at a moment. */
export interface Rollout {
  readonly deployment: KubeObject;
  /** Undefined before there is one for the template. */
  readonly next: KubeObject | undefined;
  readonly old: readonly KubeObject[];
}

/** How many replicas a ReplicaSet is to have. */
export interface Scaling {
  readonly set: KubeObject;
  readonly replicas: number;
}

export function allSets({ next, old }: Rollout): readonly KubeObject[] {
  return next === undefined ? old : [...old, next];
}

export function isRecreate({ deployment }: Rollout): boolean {
  return viewString(deployment, "spec", "strategy", "type") === "Recreate";
}

interface Bounds {
  readonly surge: number;
  readonly unavailable: number;
}

/** How many pods may be too many, and how many may be missing. */
export function boundsOf(rollout: Rollout): Bounds {
  const { deployment } = rollout;
  if (isRecreate(rollout)) return { surge: 0, unavailable: 0 };
  const wanted = replicasOf(deployment);
  const strategy = viewObject(deployment, "spec", "strategy", "rollingUpdate");
  const quarter = (field: string): JsonValue => viewPath(strategy, field) ?? "25%";
  const surge = resolveIntOrPercent(quarter("maxSurge"), wanted, "up");
  const unavailable = resolveIntOrPercent(quarter("maxUnavailable"), wanted, "down");
  // With neither nothing could ever be replaced.
  if (surge === 0 && unavailable === 0) return { surge, unavailable: 1 };
  return { surge, unavailable: Math.min(unavailable, wanted) };
}

/** What a rolling update does next: more of the new ReplicaSet first, less of the old ones then. */
export function planRollingUpdate(rollout: Rollout): readonly Scaling[] {
  const up = planNewSet(rollout);
  if (up !== undefined) return [up];
  return planOldSets(rollout);
}

function planNewSet(rollout: Rollout): Scaling | undefined {
  const { deployment, next } = rollout;
  if (next === undefined) return undefined;
  const [wanted, has] = [replicasOf(deployment), replicasOf(next)];
  if (has === wanted) return undefined;
  const replicas = has > wanted ? wanted : has + roomFor(rollout, wanted - has);
  return replicas === has ? undefined : { set: next, replicas };
}

function roomFor(rollout: Rollout, missing: number): number {
  const max = replicasOf(rollout.deployment) + boundsOf(rollout).surge;
  return Math.max(0, Math.min(max - sumReplicas(allSets(rollout)), missing));
}

/** How many replicas the new ReplicaSet begins with. */
export function firstReplicas(rollout: Rollout): number {
  const wanted = replicasOf(rollout.deployment);
  if (isRecreate(rollout)) return rollout.old.some((set) => replicasOf(set) > 0) ? 0 : wanted;
  return roomFor(rollout, wanted);
}

function planOldSets(rollout: Rollout): readonly Scaling[] {
  const { deployment, next, old } = rollout;
  const active = old.filter((set) => replicasOf(set) > 0).toSorted(byAge);
  if (active.length === 0) return [];
  const least = replicasOf(deployment) - boundsOf(rollout).unavailable;
  const unavailableNew = next === undefined ? 0 : replicasOf(next) - availableOf(next);
  const spare = sumReplicas(allSets(rollout)) - least - unavailableNew;
  if (spare <= 0) return [];
  const unhealthy = takeAway(active, spare, (set) => replicasOf(set) - availableOf(set));
  if (unhealthy.length > 0) return unhealthy;
  const surplus = sumStatus(allSets(rollout), "availableReplicas") - least;
  return takeAway(active, Math.min(spare, surplus), replicasOf);
}

/** Takes so many replicas away, the first sets first, from each no more than it can spare. */
function takeAway(
  sets: readonly KubeObject[],
  count: number,
  spareOf: (set: KubeObject) => number,
): readonly Scaling[] {
  let left = count;
  return sets.flatMap((set) => {
    const taken = Math.max(0, Math.min(left, spareOf(set), replicasOf(set)));
    left -= taken;
    return taken === 0 ? [] : [{ set, replicas: replicasOf(set) - taken }];
  });
}
