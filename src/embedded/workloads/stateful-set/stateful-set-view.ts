import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewNumber, viewString } from "#core/object/index.ts";
import { isDeleting, nameOf } from "../base/owned.ts";
import { availableInMs, isFinished } from "../base/pod-view.ts";
import { revisionLabel } from "../revisions/revisions.ts";

/** A StatefulSet with its pods at a moment. */
export interface StatefulState {
  readonly set: KubeObject;
  /** By their numbers. */
  readonly pods: ReadonlyMap<number, KubeObject>;
  /** Names of revisions. */
  readonly current: string;
  readonly update: string;
  readonly now: number;
}

export function ordinalOf(set: KubeObject, pod: KubeObject): number | undefined {
  const [prefix, name] = [`${nameOf(set)}-`, nameOf(pod)];
  if (!name.startsWith(prefix) || !/^(0|[1-9]\d*)$/.test(name.slice(prefix.length))) return undefined;
  return Number(name.slice(prefix.length));
}

/** The numbers that the pods of a StatefulSet have, lowest first. */
export function ordinalsOf(set: KubeObject): readonly number[] {
  const start = startOf(set);
  return Array.from({ length: viewNumber(set, "spec", "replicas") ?? 1 }, (_, index) => start + index);
}

export function startOf(set: KubeObject): number {
  return viewNumber(set, "spec", "ordinals", "start") ?? 0;
}

export function isOrdered(set: KubeObject): boolean {
  return viewString(set, "spec", "podManagementPolicy") !== "Parallel";
}

export function isUpdatedOnDelete(set: KubeObject): boolean {
  return viewString(set, "spec", "updateStrategy", "type") === "OnDelete";
}

/** Pods below keep the revision that they have. */
export function partitionOf(set: KubeObject): number {
  return startOf(set) + (viewNumber(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0);
}

export function revisionNameOf(pod: KubeObject): string {
  return labelsOf(pod)[revisionLabel] ?? "";
}

/** Milliseconds until a pod counts as available: 0 when it does, undefined when that is not known. */
export function waitOf({ set, now }: StatefulState, pod: KubeObject): number | undefined {
  return availableInMs(pod, viewNumber(set, "spec", "minReadySeconds") ?? 0, now);
}

/** Runs, is ready and stays. */
export function isHealthy(state: StatefulState, pod: KubeObject): boolean {
  return !isDeleting(pod) && !isFinished(pod) && waitOf(state, pod) === 0;
}
