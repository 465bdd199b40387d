import type { KubeObject, ObjectKey, StringMap } from "#core/object/index.ts";
import type { HookType } from "#core/tracking/index.ts";
import type { OperationPhase } from "./phases.ts";
import type { ObjectSyncOptions } from "./traits.ts";
import { defaultObjectSyncOptions } from "./traits.ts";

/** One object of the render, compared with the cluster. */
export interface PlannedObject {
  /** For a hook with `generateName` and no name, any key: the planner names it. */
  readonly key: ObjectKey;
  readonly desired: KubeObject;
  /** For a hook: the object that an earlier run left. */
  readonly live: KubeObject | undefined;
  readonly verdict: {
    readonly sync: "Synced" | "OutOfSync";
    readonly drift: readonly string[];
    /** Fields that an apply would change although their difference is ignored. */
    readonly ignored?: readonly string[];
    /** An apply would change something, if only who owns a field. */
    readonly needsApply: boolean;
  };
  /** The other application whose tracking id the live object carries. */
  readonly owner?: string | undefined;
  /** False when the cluster serves no such kind now. */
  readonly kindServed: boolean;
}

/** An object that was applied before, or that carries our tracking id. */
export interface InventoryEntry {
  readonly key: ObjectKey;
  readonly live: KubeObject | undefined;
  /** The live object's tracking id names this application and this object. */
  readonly trackedByUs: boolean;
}

/** One line of `operation.sync.resources`; `*` matches any run of characters. */
export interface ResourceSelector {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined or empty for every namespace. */
  readonly namespace?: string | undefined;
  readonly exclude?: boolean | undefined;
}

/** `CreateNamespace=true`, with `managedNamespaceMetadata`. */
export interface NamespaceToCreate {
  readonly name: string;
  readonly live: KubeObject | undefined;
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

export type PrunePropagation = "Foreground" | "Background" | "Orphan";

export interface PlanOptions {
  /** The application's sync options, for objects whose annotation does not say otherwise. */
  readonly objectDefaults: ObjectSyncOptions;
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly applyOutOfSyncOnly: boolean;
  /** The `apply` sync strategy; selected resources skip hooks anyway. */
  readonly skipHooks: boolean;
  readonly prunePropagation: PrunePropagation;
  /** Mooring's own `PruneBeforeHealthy=true`: do not wait for the replacement. */
  readonly pruneBeforeHealthy: boolean;
  readonly failOnSharedResource: boolean;
  readonly createNamespace: NamespaceToCreate | undefined;
  /** Undefined for all; otherwise hooks do not run and the sync is not recorded in the history. */
  readonly selected: readonly ResourceSelector[] | undefined;
  /** Guards: see `guards.ts`. */
  readonly allowEmpty: boolean;
  readonly allowMassPrune: boolean;
  readonly maxPruneCount: number;
  readonly maxPruneShare: number;
}

/** The operation that the plan belongs to; with its results so far, planning again after a crash continues it. */
export interface PlannedOperation {
  readonly revision: string;
  /** Unix milliseconds; part of the names of hooks with `generateName`, so it must survive a restart. */
  readonly startedAtMs: number;
  /** `argocd.argoproj.io/deletion-approved` on the application, Unix milliseconds. */
  readonly deletionApprovedAtMs: number | undefined;
  /** Objects that this operation, earlier attempts included, has applied. */
  readonly applied: ReadonlySet<ObjectKey>;
  /** Hooks that this attempt has started. */
  readonly hooks: readonly HookResult[];
  /** Set when the attempt continues after a crash, with the operation's start (RFC 3339, UTC): it may have started hooks that are not in `hooks`. */
  readonly resumedSince?: string | undefined;
}

export interface HookResult {
  readonly key: ObjectKey;
  readonly type: HookType;
  readonly phase: OperationPhase;
}

export interface PlanInput {
  /** The application's name as its tracking id spells it. */
  readonly app: string;
  readonly objects: readonly PlannedObject[];
  readonly inventory: readonly InventoryEntry[];
  readonly operation: PlannedOperation;
  readonly options: PlanOptions;
}

const defaultPlanOptions: PlanOptions = {
  objectDefaults: defaultObjectSyncOptions,
  prune: false,
  dryRun: false,
  applyOutOfSyncOnly: false,
  skipHooks: false,
  prunePropagation: "Foreground",
  pruneBeforeHealthy: false,
  failOnSharedResource: false,
  createNamespace: undefined,
  selected: undefined,
  allowEmpty: false,
  allowMassPrune: false,
  maxPruneCount: 20,
  maxPruneShare: 0.5,
};

export function resolvePlanOptions(options: Partial<PlanOptions> = {}): PlanOptions {
  return Object.freeze({ ...defaultPlanOptions, ...options });
}
