import type { Operation } from "./types.ts";

/** True for an operation that deploys manifests which it brings along, in place of what Git renders to. */
export function isLocalSync({ sync }: Operation): boolean {
  return (sync?.manifests ?? []).length > 0;
}

/**
 * The operation with a remark in place of its manifests: they may hold values of Secrets, and nobody needs them once it has ended. One
 * that brings none, or has such a remark already, stays as it is.
 */
export function withoutManifests(operation: Operation, remark = "left out when the sync ended"): Operation {
  const { sync } = operation;
  const { manifests: given = [] } = sync ?? {};
  const [only = ""] = given;
  const count = given.length;
  if (count === 0 || (count === 1 && /^# .*$/u.test(only))) return operation;
  const manifests = [`# ${count} ${count === 1 ? "manifest" : "manifests"}, ${remark}`];
  return { ...operation, sync: { ...sync, manifests } };
}
