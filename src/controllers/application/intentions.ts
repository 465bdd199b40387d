import type { ResourceResult } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { gvkOf, objectKey, parseObjectKey } from "#core/object/index.ts";
import type { ApplyAction, SyncPlan } from "#core/sync/index.ts";
import { actionsOf } from "#core/sync/index.ts";

/**
 * What a sync is about to apply, as lines of its result that say no outcome. They are written down before anything is applied, and are
 * in the inventory: an object that was applied right before a crash, or before the operation was ended, can still be pruned.
 */
export function intentionsOf(plan: SyncPlan): readonly ResourceResult[] {
  if (plan.dryRun || plan.refusals.length > 0) return [];
  return plan.waves.flatMap((wave) =>
    actionsOf(wave)
      .filter((action): action is ApplyAction => action.verb === "apply" && action.hook === undefined)
      .map(({ key, desired }) => ({
        ...parseObjectKey(key),
        version: gvkOf(desired).version,
        message: "not applied yet",
        syncPhase: wave.phase,
      })),
  );
}

/** True when hooks are to be run: those of one revision are not those of another, so that a restart has to know which it was. */
export function startsHooks(plan: SyncPlan): boolean {
  if (plan.dryRun || plan.refusals.length > 0) return false;
  return actionsOf(...plan.waves).some((action) => action.verb === "apply" && action.hook !== undefined);
}

/** Lines of a result with what is still intended. */
export function withIntentions(
  lines: readonly ResourceResult[],
  intentions: readonly ResourceResult[],
): readonly ResourceResult[] {
  const known = new Set(lines.map(lineKey));
  return [...lines, ...intentions.filter((line) => !known.has(lineKey(line)))];
}

/** True when all that is intended is in an inventory already: then a crash loses nothing that is not written down. */
export function areListed(intentions: readonly ResourceResult[], inventory: readonly ObjectKey[]): boolean {
  const listed = new Set(inventory);
  return intentions.every((line) => listed.has(objectKey(line)));
}

function lineKey(line: ResourceResult): string {
  return `${line.syncPhase} ${objectKey(line)}`;
}
