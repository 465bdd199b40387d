import type { KubeObject } from "#core/object/index.ts";
import type { DeletionRule } from "#core/tracking/index.ts";
import { viewSyncOptions } from "#core/tracking/index.ts";

/** Sync options in force for one object. An application's own options use the same type as the defaults. */
export interface ObjectSyncOptions {
  readonly prune: DeletionRule;
  readonly delete: DeletionRule;
  readonly pruneLast: boolean;
  readonly replace: boolean;
  readonly force: boolean;
  /** `Validate=false` sends unknown fields without a warning. */
  readonly validate: boolean;
  readonly skipDryRunOnMissingResource: boolean;
  /** `ClientSideApplyMigration=false` leaves fields with the manager that applied them client-side. */
  readonly migrateOwnership: boolean;
  /** Mooring's own `TakeOwnership=true`: take an object over from the application whose tracking id it carries. */
  readonly takeOwnership: boolean;
}

export const defaultObjectSyncOptions: ObjectSyncOptions = Object.freeze({
  prune: "allowed",
  delete: "allowed",
  pruneLast: false,
  replace: false,
  force: false,
  validate: true,
  skipDryRunOnMissingResource: false,
  migrateOwnership: true,
  takeOwnership: false,
});

const strictness: readonly DeletionRule[] = ["allowed", "confirm", "disabled"];

function stricter(a: DeletionRule, b: DeletionRule): DeletionRule {
  return strictness.indexOf(a) >= strictness.indexOf(b) ? a : b;
}

/** The options for applying an object: its annotation over the application's; Replace and Force also from the live one's. */
export function viewApplyOptions(
  desired: KubeObject,
  live: KubeObject | undefined,
  defaults: ObjectSyncOptions,
): ObjectSyncOptions {
  const own = viewSyncOptions(desired);
  const onLive = live === undefined ? undefined : viewSyncOptions(live);
  return {
    ...defaults,
    replace: own.replace ?? onLive?.replace ?? defaults.replace,
    force: own.force ?? onLive?.force ?? defaults.force,
    validate: own.validate ?? defaults.validate,
    migrateOwnership: own.clientSideApplyMigration ?? defaults.migrateOwnership,
    skipDryRunOnMissingResource: own.skipDryRunOnMissingResource ?? defaults.skipDryRunOnMissingResource,
    takeOwnership: defaults.takeOwnership || own.unknown.includes("TakeOwnership=true"),
  };
}

/** The options for deleting a live object: where it and the application disagree, the one that keeps it wins. */
export function viewDeletionOptions(live: KubeObject, defaults: ObjectSyncOptions): ObjectSyncOptions {
  const own = viewSyncOptions(live);
  return {
    ...defaults,
    prune: stricter(own.prune, defaults.prune),
    delete: stricter(own.delete, defaults.delete),
    pruneLast: own.pruneLast ?? defaults.pruneLast,
  };
}
