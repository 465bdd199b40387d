import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { viewHooks } from "#core/tracking/index.ts";
import type { ApplyAction } from "./plan.ts";
import type { ObjectSyncOptions } from "./traits.ts";

/** A hook that is to run now. */
export interface StartedHook {
  readonly key: ObjectKey;
  /** With its finalizer. */
  readonly desired: KubeObject;
  readonly generateName: string | undefined;
  /** What an earlier run left under its name, which has to go first. */
  readonly left: KubeObject | undefined;
  readonly options: ObjectSyncOptions;
}

/** The apply that runs a hook, in a sync or in a deletion. */
export function hookAction({ key, desired, generateName, left, options }: StartedHook): ApplyAction {
  const { uid, finalizers = [] } = left?.metadata ?? {};
  return {
    verb: "apply",
    key,
    desired,
    because: "hook",
    drift: [],
    mode: "apply",
    force: false,
    validate: options.validate,
    migrateOwnership: options.migrateOwnership,
    skipDryRunOnMissingResource: options.skipDryRunOnMissingResource,
    hook: {
      deletePolicies: viewHooks(desired).deletePolicies.toSorted(),
      generateName,
      replaces: uid === undefined ? undefined : { uid, finalizers },
    },
    pulledAhead: undefined,
  };
}
