import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { Wave } from "#core/sync/index.ts";
import { actionsOf } from "#core/sync/index.ts";

/** What a wave is told of an object that it waits for. */
interface GateState {
  readonly exists: boolean;
  readonly health: Health | undefined;
  readonly deleting: boolean;
  readonly heldBy: readonly string[];
}

/** The uids of what a wave deletes. */
export function prunedUids(wave: Wave): ReadonlyMap<ObjectKey, string> {
  return new Map(
    actionsOf(wave).flatMap((action) => (action.verb === "prune" ? [[action.key, action.uid]] : [])),
  );
}

/**
 * The state of what lives under a name. Where an object of that name was deleted, one that somebody created anew is another one: the
 * deleted one is gone, however fast that went.
 */
export function gateStateOf(
  live: KubeObject | undefined,
  {
    prunedUid,
    assess,
  }: {
    readonly prunedUid: string | undefined;
    readonly assess: (object: KubeObject) => Health | undefined;
  },
): GateState {
  const isGone = live === undefined || (prunedUid !== undefined && live.metadata.uid !== prunedUid);
  if (isGone) return { exists: false, health: undefined, deleting: false, heldBy: [] };
  const { deletionTimestamp, finalizers = [] } = live.metadata;
  return {
    exists: true,
    health: assess(live),
    deleting: deletionTimestamp !== undefined,
    heldBy: finalizers,
  };
}
