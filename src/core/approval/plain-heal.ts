import type { ObjectKey } from "#core/object/index.ts";
import type { Action, ApplyAction, SyncPlan } from "#core/sync/index.ts";
import { actionsOf } from "#core/sync/index.ts";

const healing: readonly ApplyAction["because"][] = ["drift", "ignored-drift", "ownership"];

/**
 * True for a plan that only brings objects which are there, and which `isOurs` knows, back to what Git has: it creates nothing, deletes
 * nothing and runs no hook.
 */
export function isPlainHeal({ waves }: SyncPlan, isOurs: (key: ObjectKey) => boolean): boolean {
  return actionsOf(...waves).every((action) => action.verb === "skip" || heals(action, isOurs));
}

function heals(action: Exclude<Action, { verb: "skip" }>, isOurs: (key: ObjectKey) => boolean): boolean {
  if (action.verb !== "apply" || action.hook !== undefined || action.force) return false;
  return healing.includes(action.because) && isOurs(action.key);
}
