import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, parseObjectKey } from "#core/object/index.ts";
import type { ApplyAction, SkipAction, SkipReason } from "./plan.ts";
import type { ResourceResult, SyncPhase } from "./phases.ts";
import { syncPhases } from "./phases.ts";
import type { PlannedObject } from "./input.ts";

/** An action with its place in the sync, before waves are formed. */
export interface Placement {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly action: ApplyAction | SkipAction;
  /** Undefined for the namespace that CreateNamespace adds. */
  readonly source: PlannedObject | undefined;
  readonly hook: boolean;
}

/** What a part of the planner decided: what has a place, and what is left alone. */
export interface Decided {
  readonly placements: readonly Placement[];
  readonly skipped: readonly SkipAction[];
}

export function comparePlaces(
  a: Pick<Placement, "phase" | "wave">,
  b: Pick<Placement, "phase" | "wave">,
): number {
  return syncPhases.indexOf(a.phase) - syncPhases.indexOf(b.phase) || a.wave - b.wave;
}

export function skip(
  key: ObjectKey,
  why: { readonly because: SkipReason; readonly message: string; readonly result?: ResourceResult },
): SkipAction {
  return {
    verb: "skip",
    key,
    because: why.because,
    message: `${formatObjectKey(key)}: ${why.message}`,
    result: why.result,
  };
}

export function skipOwned(key: ObjectKey, app: string, owner: string): SkipAction {
  const message = `owned by application ${owner}, so ${app} does not apply it; remove it from one of the two, or set sync option TakeOwnership=true`;
  return skip(key, { because: "owned-by-other", message, result: { code: "SyncFailed", message } });
}

export function isNamespaceKey(key: ObjectKey): boolean {
  const { group, kind } = parseObjectKey(key);
  return group === "" && kind === "Namespace";
}

export function isCrdKey(key: ObjectKey): boolean {
  const { group, kind } = parseObjectKey(key);
  return group === "apiextensions.k8s.io" && kind === "CustomResourceDefinition";
}

/**
 * True for what takes other things along when it is deleted: a namespace its objects, a definition its resources, a volume
 * and its claim the data. Force never deletes such an object to create it again.
 */
export function isContainerKey(key: ObjectKey): boolean {
  const { group, kind } = parseObjectKey(key);
  const isVolume = group === "" && (kind === "PersistentVolumeClaim" || kind === "PersistentVolume");
  return isVolume || isNamespaceKey(key) || isCrdKey(key);
}
