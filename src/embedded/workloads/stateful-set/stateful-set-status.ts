import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewNumber } from "#core/object/index.ts";
import { isDeleting, nonZero, present } from "../base/owned.ts";
import { isReady } from "../base/pod-view.ts";
import type { StatefulState } from "./stateful-set-view.ts";
import { isUpdatedOnDelete, revisionNameOf, waitOf } from "./stateful-set-view.ts";

/** The status of a StatefulSet, and when it changes by time alone. */
export function statefulSetStatus(state: StatefulState): {
  readonly status: JsonObject;
  readonly againMs: number | undefined;
} {
  const { set, update } = state;
  const pods = [...state.pods.values()];
  const ready = pods.filter((pod) => isReady(pod) && !isDeleting(pod));
  const waits = ready.flatMap((pod) => waitOf(state, pod) ?? []);
  const pending = waits.filter((ms) => ms > 0);
  const updated = countOf(pods, update);
  const isComplete = !isUpdatedOnDelete(set) && updated === pods.length && ready.length === pods.length;
  const current = isComplete ? update : state.current;
  const status = present({
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: nonZero(ready.length),
    currentReplicas: nonZero(countOf(pods, current)),
    updatedReplicas: nonZero(updated),
    currentRevision: current,
    updateRevision: update,
    collisionCount: viewNumber(set, "status", "collisionCount") ?? 0,
    availableReplicas: waits.length - pending.length,
  });
  return { status, againMs: pending.length === 0 ? undefined : Math.min(...pending) };
}

function countOf(pods: readonly KubeObject[], revision: string): number {
  return pods.filter((pod) => !isDeleting(pod) && revisionNameOf(pod) === revision).length;
}
