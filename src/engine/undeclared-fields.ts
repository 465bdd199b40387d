import { declaredPart } from "#core/merge/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import { viewSyncOptions } from "#core/tracking/index.ts";
import type { Cluster } from "#ports/cluster.ts";

/** True unless the object, or else its application, says Validate=false. */
export function isValidated(desired: KubeObject, { validates }: { readonly validates: boolean }): boolean {
  return viewSyncOptions(desired).validate ?? validates;
}

/**
 * The object without fields that its kind does not have. An API server that is asked not to validate leaves them out of what it is sent,
 * but refuses a server-side apply of them all the same.
 */
export async function withoutUndeclared(
  desired: KubeObject,
  { cluster, signal }: { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<KubeObject> {
  const schema = await cluster.schemaOf(gvkOf(desired), signal);
  return schema === undefined ? desired : (declaredPart(schema, desired) as KubeObject);
}
