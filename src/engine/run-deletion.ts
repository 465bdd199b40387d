import { parseObjectKey } from "#core/object/index.ts";
import type { Action, DeletionPlan, PruneAction } from "#core/sync/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { KubeObject } from "#core/object/index.ts";
import { releaseHook } from "./hook-finalizer.ts";
import { removeObject } from "./remove.ts";
import { mapLimit } from "#runtime/limit.ts";

export interface DeletionRun {
  readonly live: LiveStore;
  readonly isOurs: (object: KubeObject) => boolean;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Deletes the objects of the first wave that still has any, each by its uid; the next wave's turn comes when they are gone.
 * Objects that are being deleted already are left to it.
 */
export async function runDeletion(
  plan: DeletionPlan,
  { live, isOurs, concurrency, signal }: DeletionRun,
): Promise<void> {
  const [wave] = plan.waves;
  if (wave === undefined) return;
  const discovery = await live.cluster.discover(signal);
  for (const group of wave.groups) {
    await releaseHooks(group.actions, { live, concurrency, signal });
    const prunes = group.actions.filter((action): action is PruneAction => action.verb === "prune");
    await mapLimit(prunes, concurrency, async ({ key, uid, resourceVersion, propagation }) => {
      const { group: apiGroup, kind, namespace, name } = parseObjectKey(key);
      const type = discovery.typeOf(apiGroup, kind);
      if (type === undefined) return;
      const ref = { type, namespace: type.namespaced ? namespace : "", name };
      await removeObject(
        { ref, uid, resourceVersion, propagation, dryRun: false, isOurs },
        { cluster: live.cluster, signal },
      );
    });
  }
}

/** What an interrupted sync left of its hooks would otherwise hold the deletion for ever. */
async function releaseHooks(
  actions: readonly Action[],
  { live, concurrency, signal }: Pick<DeletionRun, "live" | "concurrency" | "signal">,
): Promise<void> {
  await mapLimit([...actions], concurrency, async ({ key }) => {
    const object = live.get(key);
    if (object !== undefined) await releaseHook(key, object, { live, signal });
  });
}
