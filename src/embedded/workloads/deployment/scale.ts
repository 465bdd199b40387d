import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf } from "#core/object/index.ts";
import { byAge } from "../base/owned.ts";
import {
  availableOf,
  desiredAnnotation,
  maxAnnotation,
  replicasOf,
  revisionOf,
  sumReplicas,
} from "./replica-set-view.ts";
import type { Rollout, Scaling } from "./rollout.ts";
import { allSets, boundsOf, isRecreate } from "./rollout.ts";

/** Whether the Deployment was scaled since its ReplicaSets were. */
export function isScaled(rollout: Rollout): boolean {
  const wanted = String(replicasOf(rollout.deployment));
  return allSets(rollout).some((set) => {
    const before = annotationsOf(set)[desiredAnnotation];
    return replicasOf(set) > 0 && before !== undefined && before !== wanted;
  });
}

/** What a change of size does: to the one ReplicaSet that is active, or to all of them by their parts of the whole. */
export function planScale(rollout: Rollout): readonly Scaling[] {
  const { deployment, next, old } = rollout;
  const wanted = replicasOf(deployment);
  const only = activeOrLatest(rollout);
  if (only !== undefined) return replicasOf(only) === wanted ? [] : [{ set: only, replicas: wanted }];
  const active = old.filter((set) => replicasOf(set) > 0);
  const isSaturated = next !== undefined && replicasOf(next) === wanted && availableOf(next) === wanted;
  if (isSaturated) return active.map((set) => ({ set, replicas: 0 }));
  return isRecreate(rollout) ? [] : planProportions(rollout);
}

function activeOrLatest(rollout: Rollout): KubeObject | undefined {
  const active = allSets(rollout).filter((set) => replicasOf(set) > 0);
  if (active.length === 1) return active[0];
  if (active.length > 1) return undefined;
  return rollout.next ?? rollout.old.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
}

function planProportions(rollout: Rollout): readonly Scaling[] {
  const active = allSets(rollout).filter((set) => replicasOf(set) > 0);
  const wanted = replicasOf(rollout.deployment);
  const allowed = wanted === 0 ? 0 : wanted + boundsOf(rollout).surge;
  const change = allowed - sumReplicas(active);
  const sorted = active.toSorted(
    (a, b) => replicasOf(b) - replicasOf(a) || (change > 0 ? byAge(b, a) : byAge(a, b)),
  );
  let left = change;
  const sizes = sorted.map((set) => {
    const part = partOf(set, { allowed, change, left });
    left -= part;
    return replicasOf(set) + part;
  });
  return sorted.flatMap((set, index) => {
    const size = (sizes[index] ?? 0) + (index === 0 ? left : 0);
    return size === replicasOf(set) ? [] : [{ set, replicas: Math.max(0, size) }];
  });
}

interface Share {
  readonly allowed: number;
  readonly change: number;
  /** What others have not taken yet. */
  readonly left: number;
}

/** What of a change falls to one ReplicaSet; never more than is left. */
function partOf(set: KubeObject, { allowed, change, left }: Share): number {
  const before = Number(annotationsOf(set)[maxAnnotation] ?? 0) || allowed - change;
  const size = before === 0 ? 0 : Math.round((replicasOf(set) * allowed) / before);
  const part = size - replicasOf(set);
  return change > 0 ? Math.max(0, Math.min(part, left)) : Math.min(0, Math.max(part, left));
}
