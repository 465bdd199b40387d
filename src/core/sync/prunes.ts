import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, parseObjectKey } from "#core/object/index.ts";
import { viewHooks, viewSyncWave } from "#core/tracking/index.ts";
import { namespaceKey } from "./applies.ts";
import { kindOf, viewDefinedKind } from "./dependencies.ts";
import type { InventoryEntry, PlanInput, PlannedOperation, PrunePropagation } from "./input.ts";
import { compareKeys } from "./kind-order.ts";
import { operationMessages } from "./phases.ts";
import { isCrdKey, isNamespaceKey, skip } from "./placement.ts";
import type { PruneAction, SkipAction, SkipReason } from "./plan.ts";
import { isSelected } from "./selection.ts";
import { viewDeletionOptions } from "./traits.ts";

/**
 * A prune with its place: `ordinary` in mirrored wave order, then `last`, then namespaces and CRDs. What is being deleted
 * already has a place too: what is pruned after it waits for it.
 */
export interface PlannedPrune {
  readonly stage: "ordinary" | "last" | "container";
  readonly wave: number;
  readonly action: PruneAction | SkipAction;
}

export interface DecidedPrunes {
  readonly prunes: readonly PlannedPrune[];
  readonly skipped: readonly SkipAction[];
}

/** An inventory entry that exists in the cluster. */
export type LiveEntry = InventoryEntry & { readonly live: NonNullable<InventoryEntry["live"]> };

export function isLive(entry: InventoryEntry): entry is LiveEntry {
  return entry.live !== undefined;
}

/** What has left Git: pruned, or the reason why it stays. */
export function planPrunes(input: PlanInput): DecidedPrunes {
  const desired = desiredKeys(input);
  const left = input.inventory.filter(isLive).filter((entry) => !desired.has(entry.key));
  const uids = desiredUids(input);
  const skips = new Map<ObjectKey, SkipAction>();
  for (const entry of left) {
    const kept = skipEntry(entry, input) ?? skipSameObject(entry, uids);
    if (kept !== undefined) skips.set(entry.key, kept);
  }
  const holders = [
    ...desired,
    ...left.filter((entry) => isHeld(skips.get(entry.key))).map((entry) => entry.key),
  ];
  for (const entry of left) {
    const kept = skips.get(entry.key) ?? skipContainer(entry, holders);
    if (kept !== undefined) skips.set(entry.key, kept);
  }
  const prunes = left.filter((entry) => !skips.has(entry.key)).map((entry) => pruneEntry(entry, input));
  return { prunes, skipped: [...skips.values()] };
}

/** A key that Git names in any role, a hook included, is never pruned. */
function desiredKeys({ objects, options }: PlanInput): ReadonlySet<ObjectKey> {
  const keys = new Set(objects.map((object) => object.key));
  if (options.createNamespace !== undefined) keys.add(namespaceKey(options.createNamespace.name));
  return keys;
}

function desiredUids({ objects }: PlanInput): ReadonlyMap<string, ObjectKey> {
  return new Map(
    objects.flatMap(({ key, live }) =>
      live?.metadata.uid === undefined ? [] : [[live.metadata.uid, key] as const],
    ),
  );
}

function skipEntry(entry: LiveEntry, { app, options }: PlanInput): SkipAction | undefined {
  const { key, live } = entry;
  const { metadata } = live;
  if (viewHooks(live).isHook) {
    return skip(key, { because: "left-by-hook", message: "left by a hook; its delete policy decides" });
  }
  if (!entry.trackedByUs) {
    return skip(key, {
      because: "not-tracked",
      message: `applied before, but no longer carries the tracking id of ${app}`,
    });
  }
  if ((metadata.ownerReferences ?? []).length > 0) {
    return skip(key, {
      because: "owned-by-controller",
      message: "has an owner, with which Kubernetes deletes it",
    });
  }
  if (isDeleting(entry) && !options.prune) return skipDeleting(key);
  if (!isSelected(key, options.selected)) {
    return skip(key, { because: "not-selected", message: "not selected for this sync" });
  }
  if (!options.prune) return skipPrune(key, "prune-not-requested", operationMessages.pruneNotRequested);
  if (isDeleting(entry)) return undefined;
  const rule = viewDeletionOptions(live, options.objectDefaults).prune;
  return rule === "disabled" ? skipPrune(key, "prune-disabled", operationMessages.pruneDisabled) : undefined;
}

/** True when somebody has approved the deletions of an operation: whole seconds count, as they are written. */
export function isApproved({
  startedAtMs,
  deletionApprovedAtMs,
}: Pick<PlannedOperation, "startedAtMs" | "deletionApprovedAtMs">): boolean {
  return (
    deletionApprovedAtMs !== undefined && deletionApprovedAtMs >= Math.floor(startedAtMs / 1_000) * 1_000
  );
}

function isDeleting({ live }: LiveEntry): boolean {
  return live.metadata.deletionTimestamp !== undefined;
}

function skipDeleting(key: ObjectKey): SkipAction {
  return skip(key, { because: "already-deleting", message: "is already being deleted" });
}

function skipPrune(key: ObjectKey, because: SkipReason, message: string): SkipAction {
  return skip(key, { because, message, result: { code: "PruneSkipped", message } });
}

/** One object may be served under two groups (Ingress once was): deleting the old name would delete the new one. */
function skipSameObject(
  { key, live }: LiveEntry,
  uids: ReadonlyMap<string, ObjectKey>,
): SkipAction | undefined {
  const same = live.metadata.uid === undefined ? undefined : uids.get(live.metadata.uid);
  if (same === undefined) return undefined;
  return skip(key, {
    because: "same-object",
    message: `is the same object as ${kindOf(same)}, which is in Git`,
  });
}

const heldReasons: ReadonlySet<SkipReason> = new Set([
  "not-tracked",
  "not-selected",
  "prune-disabled",
  "same-object",
] satisfies SkipReason[]);

function isHeld(action: SkipAction | undefined): boolean {
  return action !== undefined && heldReasons.has(action.because);
}

/** Deleting a namespace or a CRD takes its content along, so it stays while that has a reason to stay. */
function skipContainer(entry: LiveEntry, holders: readonly ObjectKey[]): SkipAction | undefined {
  const inside = isDeleting(entry) ? undefined : findContent(entry, holders);
  if (inside === undefined) return undefined;
  return skipPrune(
    entry.key,
    "holds-others",
    `still holds ${formatObjectKey(inside)}, which would be deleted with it`,
  );
}

/** The first of the keys that lives in the namespace, or is of the kind, that the entry stands for. */
export function findContent({ key, live }: LiveEntry, holders: readonly ObjectKey[]): ObjectKey | undefined {
  const sorted = (matches: (holder: ObjectKey) => boolean) =>
    holders.filter(matches).toSorted(compareKeys)[0];
  if (isNamespaceKey(key)) {
    const { name } = parseObjectKey(key);
    return sorted((holder) => parseObjectKey(holder).namespace === name);
  }
  if (!isCrdKey(key)) return undefined;
  const kind = viewDefinedKind(live);
  return sorted((holder) => kindOf(holder) === kind);
}

function pruneEntry(entry: LiveEntry, { options, operation }: PlanInput): PlannedPrune {
  const { key, live } = entry;
  const { pruneLast, prune } = viewDeletionOptions(live, options.objectDefaults);
  const action = deleteObject(entry, options.prunePropagation);
  const asks = action.verb === "prune" && prune === "confirm" && !isApproved(operation);
  return {
    stage: isNamespaceKey(key) || isCrdKey(key) ? "container" : pruneLast ? "last" : "ordinary",
    wave: viewSyncWave(live),
    action: asks ? { ...action, needsConfirmation: true } : action,
  };
}

/** The delete with its preconditions, or nothing for what is being deleted already. */
export function deleteObject(entry: LiveEntry, asked: PrunePropagation): PruneAction | SkipAction {
  const { key, live } = entry;
  if (isDeleting(entry)) return skipDeleting(key);
  const { uid = "", resourceVersion = "" } = live.metadata;
  // In the foreground the garbage collector, about 20 objects a second for the whole cluster, has to let each object go.
  const propagation = asked === "Foreground" && leafKinds.has(kindOf(key)) ? "Background" : asked;
  return { verb: "prune", key, uid, resourceVersion, propagation };
}

/** Kinds (`group/Kind`) that Kubernetes makes no dependents for: deleted in the background nothing of them is left either. */
const leafKinds: ReadonlySet<string> = new Set([
  "/ConfigMap",
  "/Secret",
  "/ServiceAccount",
  "/LimitRange",
  "/ResourceQuota",
  "/PersistentVolumeClaim",
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/RoleBinding",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "networking.k8s.io/IngressClass",
  "networking.k8s.io/NetworkPolicy",
  "policy/PodDisruptionBudget",
  "autoscaling/HorizontalPodAutoscaler",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/StorageClass",
]);
