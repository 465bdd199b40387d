import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { labelsOf, viewNumber, viewObject } from "#core/object/index.ts";
import { matcherOf } from "../base/match-selector.ts";
import { nonZero, present } from "../base/owned.ts";
import { availableInMs } from "../base/pod-view.ts";

/** What a ReplicaSet's status counts, and when a count changes by time alone. */
export function replicaSetStatus(
  set: KubeObject,
  pods: readonly KubeObject[],
  now: number,
): { readonly counts: JsonObject; readonly againMs: number | undefined } {
  const seconds = viewNumber(set, "spec", "minReadySeconds") ?? 0;
  const isLabeled = matcherOf(viewObject(set, "spec", "template", "metadata", "labels"));
  const waits = pods.map((pod) => availableInMs(pod, seconds, now)).filter((ms) => ms !== undefined);
  const pending = waits.filter((ms) => ms > 0);
  const counts = present({
    replicas: pods.length,
    fullyLabeledReplicas: nonZero(pods.filter((pod) => isLabeled(labelsOf(pod))).length),
    readyReplicas: nonZero(waits.length),
    availableReplicas: nonZero(waits.length - pending.length),
    observedGeneration: set.metadata.generation,
  });
  return { counts, againMs: pending.length === 0 ? undefined : Math.min(...pending) };
}
