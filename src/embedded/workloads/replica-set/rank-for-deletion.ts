import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, isJsonObject, viewArray, viewNumber } from "#core/object/index.ts";
import { byAge } from "../base/owned.ts";
import { isReady, nodeOf, phaseOf } from "../base/pod-view.ts";

const costAnnotation = "controller.kubernetes.io/pod-deletion-cost";
const phases = ["Pending", "Unknown", "Running"];

/** The pods in the order in which a smaller ReplicaSet gives them up: what serves least first. */
export function rankForDeletion(pods: readonly KubeObject[]): readonly KubeObject[] {
  const ranks = new Map(pods.map((pod) => [pod, ranksOf(pod)]));
  return pods.toSorted((a, b) => {
    const [left, right] = [ranks.get(a) ?? [], ranks.get(b) ?? []];
    const at = left.findIndex((rank, index) => rank !== right[index]);
    return at < 0 ? byAge(b, a) : (left[at] ?? 0) - (right[at] ?? 0);
  });
}

function ranksOf(pod: KubeObject): readonly number[] {
  const restarts = viewArray(pod, "status", "containerStatuses")
    .filter(isJsonObject)
    .map((status) => viewNumber(status, "restartCount") ?? 0);
  return [
    nodeOf(pod) === "" ? 0 : 1,
    phases.indexOf(phaseOf(pod)),
    isReady(pod) ? 1 : 0,
    Number(annotationsOf(pod)[costAnnotation] ?? 0),
    -Math.max(0, ...restarts),
  ];
}
