import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { conditionOf } from "./conditions.ts";
import { isDeleting } from "./owned.ts";

interface PodFacts {
  readonly phase: string;
  readonly isFinished: boolean;
  readonly isActive: boolean;
  /** Undefined while it is not ready. */
  readonly readySinceMs: number | undefined;
}

/** Whoever has many pods looks at all of them whenever one changes, and stored objects never change. */
const known = new WeakMap<KubeObject, PodFacts>();

function factsOf(pod: KubeObject): PodFacts {
  let facts = known.get(pod);
  if (facts === undefined) {
    facts = readFacts(pod);
    known.set(pod, facts);
  }
  return facts;
}

function readFacts(pod: KubeObject): PodFacts {
  const phase = viewString(pod, "status", "phase") ?? "Pending";
  const hasEnded = phase === "Succeeded" || phase === "Failed";
  const ready = conditionOf(pod, "Ready");
  return {
    phase,
    isFinished: hasEnded,
    isActive: !hasEnded && !isDeleting(pod),
    readySinceMs: ready?.status === "True" ? Date.parse(ready.lastTransitionTime ?? "") || 0 : undefined,
  };
}

export function phaseOf(pod: KubeObject): string {
  return factsOf(pod).phase;
}

export function isFinished(pod: KubeObject): boolean {
  return factsOf(pod).isFinished;
}

/** Counts for its controller: neither ended nor being deleted. */
export function isActive(pod: KubeObject): boolean {
  return factsOf(pod).isActive;
}

export function isReady(pod: KubeObject): boolean {
  return factsOf(pod).readySinceMs !== undefined;
}

export function nodeOf(pod: KubeObject): string {
  return viewString(pod, "spec", "nodeName") ?? "";
}

/** Milliseconds until a pod that stays ready counts as available: 0 when it does, undefined while it is not ready. */
export function availableInMs(pod: KubeObject, minReadySeconds: number, now: number): number | undefined {
  const { readySinceMs } = factsOf(pod);
  if (readySinceMs === undefined) return undefined;
  return minReadySeconds === 0 ? 0 : Math.max(0, readySinceMs + minReadySeconds * 1000 - now);
}
