import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import type { ApplyAction } from "#core/sync/index.ts";

/** The planned apply of one object. */
export function applyAction(desired: KubeObject, more: Partial<ApplyAction> = {}): ApplyAction {
  return {
    verb: "apply",
    key: keyOf(desired),
    desired,
    because: "drift",
    drift: [],
    mode: "apply",
    force: false,
    validate: true,
    migrateOwnership: true,
    skipDryRunOnMissingResource: false,
    hook: undefined,
    pulledAhead: undefined,
    ...more,
  };
}
