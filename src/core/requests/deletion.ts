import { isResourcesFinalizer } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";

export interface DeletionOptions {
  /** Whether what the Application manages is deleted with it. */
  readonly cascade: boolean;
  readonly propagation: "foreground" | "background";
}

/**
 * The merge patch that puts the finalizer on an Application which says what happens to its objects when it is deleted, or takes it off;
 * undefined when it is as wanted.
 */
export function deletionPatch(
  { metadata }: KubeObject,
  { cascade, propagation }: DeletionOptions,
): JsonObject | undefined {
  const before = metadata.finalizers ?? [];
  const base = "resources-finalizer.argocd.argoproj.io";
  const wanted = propagation === "background" ? `${base}/background` : base;
  const others = before.filter((finalizer) => !isResourcesFinalizer(finalizer));
  const after = cascade ? [...others, wanted] : others;
  // While it is being deleted, finalizers can only be taken off.
  const addsLate = metadata.deletionTimestamp !== undefined && after.length >= before.length;
  const same = after.length === before.length && after.every((finalizer) => before.includes(finalizer));
  return same || addsLate ? undefined : { metadata: { finalizers: after } };
}
