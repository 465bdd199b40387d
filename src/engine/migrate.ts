import { planMigration } from "#core/compare/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";

/**
 * Takes the ownership of fields over that client-side apply set (`kubectl apply`, an older Argo CD), so that the apply that
 * follows removes what has left Git. A conflict means that the object changed meanwhile: it throws KUBE_CONFLICT and the sync repeats.
 */
export async function migrateOwnership(
  ref: ObjectRef,
  live: KubeObject,
  context: { readonly cluster: Cluster; readonly signal: AbortSignal; readonly fieldManager: string },
): Promise<void> {
  const migration = planMigration(live, context.fieldManager);
  if (!migration.needed) return;
  await context.cluster.jsonPatch(ref, migration.patch, {
    fieldManager: context.fieldManager,
    signal: context.signal,
  });
}
