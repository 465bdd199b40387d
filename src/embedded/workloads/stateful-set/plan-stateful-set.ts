import type { KubeObject } from "#core/object/index.ts";
import { viewNumber, viewObject } from "#core/object/index.ts";
import { isDeleting } from "../base/owned.ts";
import { isFinished } from "../base/pod-view.ts";
import type { StatefulState } from "./stateful-set-view.ts";
import {
  isHealthy,
  isOrdered,
  isUpdatedOnDelete,
  ordinalsOf,
  partitionOf,
  revisionNameOf,
  startOf,
} from "./stateful-set-view.ts";

export type StatefulAction =
  | { readonly kind: "create"; readonly ordinal: number; readonly revision: string }
  | { readonly kind: "delete"; readonly pod: KubeObject };

interface Stage {
  readonly actions: readonly StatefulAction[];
  /** Something has to happen before what comes next. */
  readonly waits: boolean;
}

/**
 * What is to be done now. In order: pods are made from the lowest number up, each when all before it are healthy; those that are
 * too many go from the highest down, one at a time; then those of an old revision are replaced from the highest down.
 */
export function planStatefulSet(state: StatefulState): readonly StatefulAction[] {
  const filled = planMissing(state);
  if (filled.waits) return filled.actions;
  const shrunk = planSurplus(state);
  const actions = [...filled.actions, ...shrunk.actions];
  if (shrunk.waits || isUpdatedOnDelete(state.set)) return actions;
  return [...actions, ...planUpdate(state)];
}

function planMissing(state: StatefulState): Stage {
  const ordered = isOrdered(state.set);
  const actions: StatefulAction[] = [];
  for (const ordinal of ordinalsOf(state.set)) {
    const pod = state.pods.get(ordinal);
    if (pod !== undefined && isHealthy(state, pod)) continue;
    if (pod === undefined) actions.push({ kind: "create", ordinal, revision: revisionFor(state, ordinal) });
    else if (isFinished(pod) && !isDeleting(pod)) actions.push({ kind: "delete", pod });
    if (ordered) return { actions, waits: true };
  }
  return { actions, waits: false };
}

/** A pod that is made again below the partition, or before a rollout has come to it, is of the revision before. */
function revisionFor({ set, current, update }: StatefulState, ordinal: number): string {
  if (isUpdatedOnDelete(set)) return update;
  const hasBounds = viewObject(set, "spec", "updateStrategy")["rollingUpdate"] !== undefined;
  const bound = hasBounds
    ? partitionOf(set)
    : startOf(set) + (viewNumber(set, "status", "currentReplicas") ?? 0);
  return ordinal < bound ? current : update;
}

function planSurplus(state: StatefulState): Stage {
  const wanted = new Set(ordinalsOf(state.set));
  const surplus = [...state.pods].filter(([ordinal]) => !wanted.has(ordinal)).toSorted(([a], [b]) => b - a);
  const going = surplus.filter(([, pod]) => isDeleting(pod));
  const staying = surplus.filter(([, pod]) => !isDeleting(pod));
  if (!isOrdered(state.set))
    return { actions: staying.map(([, pod]) => ({ kind: "delete", pod })), waits: false };
  const [next] = staying;
  if (going.length > 0 || next === undefined) return { actions: [], waits: going.length > 0 };
  return { actions: [{ kind: "delete", pod: next[1] }], waits: true };
}

function planUpdate(state: StatefulState): readonly StatefulAction[] {
  for (const ordinal of ordinalsOf(state.set).toReversed()) {
    const pod = state.pods.get(ordinal);
    if (ordinal < partitionOf(state.set) || pod === undefined) return [];
    if (revisionNameOf(pod) !== state.update && !isDeleting(pod)) return [{ kind: "delete", pod }];
    if (!isHealthy(state, pod)) return [];
  }
  return [];
}
