import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import { viewHooks, viewSyncWave } from "#core/tracking/index.ts";
import type { InventoryEntry, PrunePropagation } from "./input.ts";
import { compareKeys } from "./kind-order.ts";
import { isCrdKey, isNamespaceKey, skip } from "./placement.ts";
import type { SkipAction, Wave } from "./plan.ts";
import type { LiveEntry } from "./prunes.ts";
import { deleteObject, findContent, isLive } from "./prunes.ts";
import type { ObjectSyncOptions } from "./traits.ts";
import { viewDeletionOptions } from "./traits.ts";
import { formPruneWaves } from "./waves.ts";

export interface DeletionOptions {
  readonly propagation: PrunePropagation;
  readonly objectDefaults: ObjectSyncOptions;
  /** When the application was deleted (its deletionTimestamp), Unix milliseconds; an older approval does not count. */
  readonly requestedAtMs: number;
  readonly deletionApprovedAtMs: number | undefined;
}

/** What deleting an application takes along. */
export interface DeletionPlan {
  /** One after the other, each until its objects are gone. */
  readonly waves: readonly Wave[];
  readonly kept: readonly SkipAction[];
  /** `Delete=confirm` objects without an approval: nothing at all is deleted while there is one. */
  readonly awaiting: readonly ObjectKey[];
}

/**
 * The cascade of an application's deletion: what it tracks, highest wave first, namespaces last. CustomResourceDefinitions
 * stay, because the resources of every other application would go with them; so does a namespace that holds a kept object.
 */
export function planDeletion(inventory: readonly InventoryEntry[], options: DeletionOptions): DeletionPlan {
  const entries = inventory.filter(isLive);
  const kept = new Map<ObjectKey, SkipAction>();
  for (const entry of entries) {
    const reason = keepEntry(entry, options);
    if (reason !== undefined) kept.set(entry.key, reason);
  }
  const holders = [...kept.values()]
    .filter((one) => one.because !== "owned-by-controller")
    .map((one) => one.key);
  for (const entry of entries) {
    const reason = kept.get(entry.key) ?? keepContainer(entry, holders);
    if (reason !== undefined) kept.set(entry.key, reason);
  }
  const doomed = entries.filter((entry) => !kept.has(entry.key));
  return {
    waves: formPruneWaves(
      doomed.map((entry) => planEntry(entry, options)),
      { last: 0, awaitLast: true },
    ),
    kept: [...kept.values()].toSorted((a, b) => compareKeys(a.key, b.key)),
    awaiting: doomed
      .filter((entry) => isAwaiting(entry, options))
      .map((entry) => entry.key)
      .toSorted(compareKeys),
  };
}

function keepEntry(entry: LiveEntry, { objectDefaults }: DeletionOptions): SkipAction | undefined {
  const { key, live } = entry;
  if (!entry.trackedByUs) {
    return skip(key, { because: "not-tracked", message: "does not carry the application's tracking id" });
  }
  if ((live.metadata.ownerReferences ?? []).length > 0) {
    return skip(key, {
      because: "owned-by-controller",
      message: "has an owner, with which Kubernetes deletes it",
    });
  }
  if (isCrdKey(key)) {
    return skip(key, {
      because: "holds-others",
      message: "kept, because every resource of its kind would be deleted with it",
    });
  }
  if (viewHooks(live).types.includes("PostDelete")) {
    return skip(key, { because: "left-by-hook", message: "runs after the deletion" });
  }
  if (viewDeletionOptions(live, objectDefaults).delete !== "disabled") return undefined;
  return skip(key, { because: "delete-disabled", message: "kept, because it opted out of deletion" });
}

function keepContainer(entry: LiveEntry, holders: readonly ObjectKey[]): SkipAction | undefined {
  const inside = isNamespaceKey(entry.key) ? findContent(entry, holders) : undefined;
  if (inside === undefined) return undefined;
  const message = `kept, because ${formatObjectKey(inside)} would be deleted with it`;
  return skip(entry.key, { because: "holds-others", message });
}

function isAwaiting({ live }: LiveEntry, options: DeletionOptions): boolean {
  if (live.metadata.deletionTimestamp !== undefined) return false;
  if (viewDeletionOptions(live, options.objectDefaults).delete !== "confirm") return false;
  const { deletionApprovedAtMs, requestedAtMs } = options;
  return deletionApprovedAtMs === undefined || deletionApprovedAtMs < requestedAtMs;
}

function planEntry(entry: LiveEntry, { propagation }: DeletionOptions) {
  const { key, live } = entry;
  const stage = isNamespaceKey(key) ? ("container" as const) : ("ordinary" as const);
  return { stage, wave: viewSyncWave(live), action: deleteObject(entry, propagation) };
}
