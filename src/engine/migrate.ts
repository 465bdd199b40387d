import { planMigration } from "#core/compare/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";

/**
 * Takes the ownership of fields over that client-side apply set (`kubectl apply`, an older Argo CD), so that the apply that
 * follows removes what has left Git. `live` is what was watched last; an object that has changed since is read and planned again.
 * Returns the object as it is then. Throws KUBE_CONFLICT when it never holds still.
 */
export async function migrateOwnership(
  ref: ObjectRef,
  live: KubeObject,
  context: { readonly cluster: Cluster; readonly signal: AbortSignal; readonly fieldManager: string },
): Promise<KubeObject | undefined> {
  const { cluster, fieldManager, signal } = context;
  let known: KubeObject | undefined = live;
  return repeatOnConflict(async () => {
    const current = known ?? (await cluster.read(ref, signal));
    known = undefined;
    const migration = current === undefined ? undefined : planMigration(current, fieldManager);
    if (migration?.needed !== true) return current;
    return cluster.jsonPatch(ref, migration.patch, { fieldManager, signal });
  });
}

/**
 * Takes the id of another installation off an object that is taken over from it: no apply does that, and with it the object would
 * never count as ours.
 */
export async function dropForeignInstallation(
  ref: ObjectRef,
  { live, desired }: { readonly live: KubeObject; readonly desired: KubeObject },
  context: { readonly cluster: Cluster; readonly signal: AbortSignal; readonly fieldManager: string },
): Promise<void> {
  const { cluster, fieldManager, signal } = context;
  const idOf = (object: KubeObject) => object.metadata.annotations?.[annotationKey.installationId];
  if (idOf(live) === undefined || idOf(desired) !== undefined) return;
  const metadata = { annotations: { [annotationKey.installationId]: null } };
  try {
    await cluster.mergePatch(ref, { metadata }, { fieldManager, signal });
  } catch (error) {
    // It is created anew then.
    if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
  }
}
