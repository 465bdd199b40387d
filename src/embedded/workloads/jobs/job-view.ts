import type { KubeObject } from "#core/object/index.ts";
import { viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { isConditionTrue } from "../base/conditions.ts";
import { isDeleting } from "../base/owned.ts";
import { isFinished, phaseOf } from "../base/pod-view.ts";

/** Keeps a pod until its Job has counted it. */
export const trackingFinalizer = "batch.kubernetes.io/job-tracking";

export function isJobFinished(job: KubeObject): boolean {
  return isConditionTrue(job, "Complete") || isConditionTrue(job, "Failed");
}

export function isSuspended(job: KubeObject): boolean {
  return viewObject(job, "spec")["suspend"] === true;
}

export function isTracked(pod: KubeObject): boolean {
  return pod.metadata.finalizers?.includes(trackingFinalizer) === true;
}

/** A pod that was deleted before it succeeded has failed, too, unless its Job waits for its end. */
export function hasFailed(job: KubeObject, pod: KubeObject): boolean {
  if (phaseOf(pod) === "Failed") return true;
  const waits = viewString(job, "spec", "podReplacementPolicy") === "Failed";
  return isDeleting(pod) && !isFinished(pod) && !waits && !isSuspended(job);
}

export function parallelismOf(job: KubeObject): number {
  return viewNumber(job, "spec", "parallelism") ?? 1;
}

/** Undefined for a Job that is done when one of its pods is. */
export function completionsOf(job: KubeObject): number | undefined {
  return viewNumber(job, "spec", "completions");
}

export function withoutTracking(pod: KubeObject): KubeObject {
  const { finalizers = [], ...metadata } = pod.metadata;
  const left = finalizers.filter((each) => each !== trackingFinalizer);
  return { ...pod, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } };
}
