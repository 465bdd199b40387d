import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import { viewHooks, viewSyncWave } from "#core/tracking/index.ts";
import type { NamespaceToCreate, PlanInput, PlannedObject } from "./input.ts";
import type { ApplyAction, ApplyReason, SkipAction } from "./plan.ts";
import type { Decided, Placement } from "./placement.ts";
import { isContainerKey, skip, skipOwned } from "./placement.ts";
import { isSelected } from "./selection.ts";
import type { ObjectSyncOptions } from "./traits.ts";
import { defaultObjectSyncOptions, viewApplyOptions } from "./traits.ts";

/** The objects of the render that are not hooks: applied, or the reason why not. */
export function planApplies(input: PlanInput): Decided {
  const placements: Placement[] = [];
  const skipped: SkipAction[] = [];
  for (const object of input.objects) {
    if (viewHooks(object.desired).isHook) continue;
    const options = viewApplyOptions(object.desired, object.live, input.options.objectDefaults);
    const blocked = skipObject(object, options, input);
    if (blocked === undefined) placements.push(place(object, options));
    else skipped.push(blocked);
  }
  return { placements, skipped };
}

/** Why an object has no place in a wave at all. */
function skipObject(
  object: PlannedObject,
  own: ObjectSyncOptions,
  { app, options, operation }: PlanInput,
): SkipAction | undefined {
  const { key } = object;
  if (!isSelected(key, options.selected)) {
    return skip(key, { because: "not-selected", message: "not selected for this sync" });
  }
  if (object.owner !== undefined && !own.takeOwnership) return skipOwned(key, app, object.owner);
  const inSync = object.live !== undefined && object.verdict.sync === "Synced";
  // What this operation applied keeps its wave, or a restart would no longer wait for its health.
  if (options.applyOutOfSyncOnly && inSync && !operation.applied.has(key)) return skipUnchanged(key);
  return undefined;
}

function skipUnchanged(key: ObjectKey): SkipAction {
  const message = "unchanged";
  return skip(key, { because: "unchanged", message, result: { code: "Synced", message } });
}

function place(object: PlannedObject, options: ObjectSyncOptions): Placement {
  const because = reasonToApply(object, options);
  const action =
    because === undefined ? skipUnchanged(object.key) : applyObject(object, { ...options, because });
  return { phase: "Sync", wave: viewSyncWave(object.desired), action, source: object, hook: false };
}

function reasonToApply(
  { live, verdict }: PlannedObject,
  options: ObjectSyncOptions,
): ApplyReason | undefined {
  if (live === undefined) return "missing";
  if (verdict.sync === "OutOfSync") return "drift";
  if ((verdict.ignored ?? []).length > 0) return "ignored-drift";
  // A replace never makes us the applier of a field: it would be planned again for ever.
  return verdict.needsApply && !options.replace ? "ownership" : undefined;
}

function applyObject(
  { key, desired, verdict }: Pick<PlannedObject, "key" | "desired" | "verdict">,
  options: ObjectSyncOptions & { readonly because: ApplyReason },
): ApplyAction {
  const { because } = options;
  const mode = options.replace ? (because === "missing" ? "create" : "replace") : "apply";
  return {
    verb: "apply",
    key,
    desired,
    because,
    drift: because === "drift" || because === "ignored-drift" ? changesOf(verdict) : [],
    mode,
    force: options.force && mode !== "create" && !isContainerKey(key),
    validate: options.validate,
    migrateOwnership: options.migrateOwnership,
    skipDryRunOnMissingResource: options.skipDryRunOnMissingResource,
    hook: undefined,
    pulledAhead: undefined,
  };
}

/** A plan says all that it changes. */
function changesOf({ drift, ignored = [] }: PlannedObject["verdict"]): readonly string[] {
  return [...drift, ...ignored].toSorted();
}

/** The destination namespace, when CreateNamespace=true and the render does not bring it itself. */
export function planNamespace(input: PlanInput): Placement | undefined {
  const { createNamespace: wanted } = input.options;
  if (wanted === undefined) return undefined;
  const key = namespaceKey(wanted.name);
  if (input.objects.some((object) => object.key === key)) return undefined;
  const because = reasonForNamespace(wanted);
  if (because === undefined) return undefined;
  const desired: KubeObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: wanted.name, labels: wanted.labels, annotations: wanted.annotations },
  };
  const verdict = { sync: "OutOfSync", drift: [], needsApply: true } as const;
  const action = applyObject({ key, desired, verdict }, { ...defaultObjectSyncOptions, because });
  return { phase: "PreSync", wave: 0, action, source: undefined, hook: false };
}

export function namespaceKey(name: string): ObjectKey {
  return objectKey({ group: "", kind: "Namespace", namespace: "", name });
}

function reasonForNamespace({ live, labels, annotations }: NamespaceToCreate): ApplyReason | undefined {
  if (live === undefined) return "create-namespace";
  const { metadata } = live;
  const differs =
    Object.entries(labels).some(([name, value]) => metadata.labels?.[name] !== value) ||
    Object.entries(annotations).some(([name, value]) => metadata.annotations?.[name] !== value);
  return differs ? "namespace-metadata" : undefined;
}
