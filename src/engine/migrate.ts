import { planMigration } from "#core/compare/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import { repeatOnConflict } from "./repeat-on-conflict.ts";

/**
 * Takes the ownership of fields over that client-side apply set (`kubectl apply`, an older Argo CD), so that the apply that
 * follows removes what has left Git. `live` is what was watched last; an object that has changed since is read and planned again.
 * Throws KUBE_CONFLICT when it never holds still.
 */
export async function migrateOwnership(
  ref: ObjectRef,
  live: KubeObject,
  context: { readonly cluster: Cluster; readonly signal: AbortSignal; readonly fieldManager: string },
): Promise<void> {
  const { cluster, fieldManager, signal } = context;
  let known: KubeObject | undefined = live;
  await repeatOnConflict(async () => {
    const current = known ?? (await cluster.read(ref, signal));
    known = undefined;
    const migration = current === undefined ? undefined : planMigration(current, fieldManager);
    if (migration?.needed !== true) return;
    await cluster.jsonPatch(ref, migration.patch, { fieldManager, signal });
  });
}
