import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewObject } from "#core/object/index.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { WorkContext } from "./controller.ts";
import { matcherOf } from "./match-selector.ts";
import { controllerOf, isDeleting } from "./owned.ts";

interface Ownership {
  /** The resource of what is owned. */
  readonly of: string;
  /** The resource of the owners. */
  readonly owner: string;
  /** Owners take what belongs to nobody and meets their selector. */
  readonly adopts?: boolean;
}

/** The owners that an event of what they own concerns: before it and after it. */
export function ownersOf(
  { index, state }: WorkContext,
  { stored, previous, type }: StoreEvent,
  { of, owner, adopts = true }: Ownership,
): readonly StoreKey[] {
  if (stored.key.resource !== of) return [];
  const now = index.controllerKey(stored.object, owner);
  const before = previous && index.controllerKey(previous.object, owner);
  const found = now ?? before;
  if (found !== undefined) return before === undefined || before === found ? [found] : [found, before];
  const isOrphan = controllerOf(stored.object) === undefined && !isDeleting(stored.object);
  if (!adopts || !isOrphan || type === "deleted") return [];
  return state.store
    .list({ resource: owner, namespace: stored.key.namespace })
    .filter(({ object }) => isSelecting(object, stored.object))
    .map(({ key }) => key);
}

function isSelecting(owner: KubeObject, object: KubeObject): boolean {
  const selector = viewObject(owner, "spec", "selector");
  return Object.keys(selector).length > 0 && matcherOf(selector)(labelsOf(object));
}
