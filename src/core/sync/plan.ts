import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { PrunePropagation } from "./input.ts";
import type { HookDeletePolicy } from "#core/tracking/index.ts";
import type { ResourceResult, SyncPhase } from "./phases.ts";

export type ApplyReason =
  | "missing"
  | "drift"
  /** What differs is ignored, and a sync undoes it all the same. */
  | "ignored-drift"
  /** Same fields, but some belong to another manager. */
  | "ownership"
  | "hook"
  | "create-namespace"
  | "namespace-metadata";

/** How one hook runs. */
interface HookRun {
  readonly deletePolicies: readonly HookDeletePolicy[];
  /** The `generateName` that the object's name was made from. */
  readonly generateName: string | undefined;
  /** What BeforeHookCreation removes first. */
  readonly replaces: { readonly uid: string; readonly finalizers: readonly string[] } | undefined;
}

export interface ApplyAction {
  readonly verb: "apply";
  readonly key: ObjectKey;
  readonly desired: KubeObject;
  readonly because: ApplyReason;
  readonly drift: readonly string[];
  /** `apply` is server-side apply; `create` and `replace` are for Replace=true and for hooks. */
  readonly mode: "apply" | "create" | "replace";
  /**
   * Force=true. With `replace`: delete and create. With `apply`: delete and create only when the server says that a field is
   * immutable. Never set where `isContainerKey`: the deletion would take other things along.
   */
  readonly force: boolean;
  readonly validate: boolean;
  readonly migrateOwnership: boolean;
  readonly skipDryRunOnMissingResource: boolean;
  /** Undefined for ordinary objects. */
  readonly hook: HookRun | undefined;
  /** Why it runs earlier than its own wave says. */
  readonly pulledAhead: string | undefined;
}

export interface PruneAction {
  readonly verb: "prune";
  readonly key: ObjectKey;
  /** Preconditions of the delete. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly propagation: PrunePropagation;
  /** `Prune=confirm`, and nobody has approved yet: nothing at all is pruned before somebody has. */
  readonly needsConfirmation?: true;
}

export type SkipReason =
  | "unchanged"
  | "not-selected"
  | "owned-by-other"
  | "hook-skip"
  | "hook-unknown"
  | "hook-of-deletion"
  | "hooks-left-out"
  | "hook-running"
  | "hook-succeeded"
  | "hook-failed"
  | "left-by-hook"
  | "prune-not-requested"
  | "prune-disabled"
  | "delete-disabled"
  | "already-deleting"
  | "not-tracked"
  | "owned-by-controller"
  | "same-object"
  | "holds-others";

export interface SkipAction {
  readonly verb: "skip";
  readonly key: ObjectKey;
  readonly because: SkipReason;
  /** Sentence for people. */
  readonly message: string;
  /** The object's line in the sync result; undefined when it has none. */
  readonly result: ResourceResult | undefined;
  /** A hook that this operation started before a restart and still awaits. */
  readonly hook?: Pick<HookRun, "deletePolicies">;
}

export type Action = ApplyAction | PruneAction | SkipAction;

/** Actions that may run at the same time. */
export interface ActionGroup {
  readonly actions: readonly Action[];
}

/** An object that a wave waits for before the next one starts. */
export interface Gate {
  readonly key: ObjectKey;
  readonly until: "healthy" | "gone";
  readonly hook: boolean;
  /** Git itself asks for a paused or suspended object, so Suspended is as far as it gets. */
  readonly suspendedIsDone: boolean;
}

export interface Wave {
  readonly phase: SyncPhase;
  readonly step: "apply" | "prune";
  readonly wave: number;
  /** Run one after the other. */
  readonly groups: readonly ActionGroup[];
  /** Empty: the next wave starts as soon as the actions are done. */
  readonly gates: readonly Gate[];
}

type Guard = "mass-prune" | "empty-render" | "shared-resource" | "unknown-kind" | "unreachable" | "project";

/** Why a plan must not be run, and what would let it. */
export interface Refusal {
  readonly guard: Guard;
  readonly message: string;
  readonly override: string;
}

/** What one sync will do, in order. Plain data: it can be printed, hashed, approved, refused and run. */
export interface SyncPlan {
  readonly app: string;
  readonly revision: string;
  readonly dryRun: boolean;
  /** Not all of the application: not recorded in its history. */
  readonly partial: boolean;
  readonly waves: readonly Wave[];
  /** What is left alone and waits for nothing. Unchanged objects are in their waves instead: others wait for them. */
  readonly skipped: readonly SkipAction[];
  /** Not empty: the plan must not be run. */
  readonly refusals: readonly Refusal[];
}
