import type { Application } from "#core/app/index.ts";
import { cascadeOf, inventoryOf } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, objectKey } from "#core/object/index.ts";
import type { DeletionOptions, DeletionPlan } from "#core/sync/index.ts";
import { actionsOf, planDeletion } from "#core/sync/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { annotationKey, ownsObject } from "#core/tracking/index.ts";
import { deletionApprovedAt } from "#engine/plan-operation.ts";
import { runDeletion } from "#engine/run-deletion.ts";
import { objectDefaultsOf, syncOptionsOf } from "#engine/sync-options.ts";
import type { ClaimResult, LiveStore } from "#ports/live-store.ts";
import { resolveContext } from "./context.ts";
import type { Deletion, DeletionStep } from "./deletion.ts";
import { deletionTrackingOf, requestedAtMs } from "./deletion.ts";
import { findLeftBehind } from "./left-behind.ts";
import { refreshDesired } from "./refresh-desired.ts";

/** Deletes the objects of the first wave that has any; the next look sees what is left of it. */
export async function deleteObjects(live: LiveStore, deletion: Deletion): Promise<DeletionStep> {
  const { app, deps, signal } = deletion;
  const tracking = deletionTrackingOf(deletion);
  const isOurs = (object: KubeObject): boolean => ownsObject(object, tracking);
  const { plan, claimed, options } = await planFor(live, tracking, deletion);
  if (plan.awaiting.length > 0) {
    return { do: "confirm", message: confirmationOf(plan.awaiting, app) };
  }
  if (plan.waves.length > 0) {
    await runDeletion(plan, { live, isOurs, concurrency: deps.writeConcurrency, signal });
    return { do: "wait", message: remainderOf(plan, live) };
  }
  const left = await findLeftBehind({ claimed, live, isOurs, options, signal });
  return left.length === 0 ? { do: "release" } : { do: "failed", message: left.join("\n") };
}

function confirmationOf(awaiting: readonly ObjectKey[], { metadata }: Application): string {
  const names = awaiting.map((key) => formatObjectKey(key)).join(", ");
  return `${names}: deletion needs confirmation; set annotation ${annotationKey.deletionApproved} to the current time on the Application, or run: mooring app confirm-deletion ${metadata.name}`;
}

const shownObjects = 3;

/** What the deletion waits for: `deletion of ConfigMap/shop/a (held by example.com/hold) and 4 more`. */
function remainderOf({ waves }: DeletionPlan, live: LiveStore): string {
  const shown = actionsOf(...waves.slice(0, 1))
    .slice(0, shownObjects)
    .map(({ key }) => {
      const holders = live.get(key)?.metadata.finalizers ?? [];
      return `${formatObjectKey(key)}${holders.length === 0 ? "" : ` (held by ${holders.join(", ")})`}`;
    });
  const more = actionsOf(...waves).length - shown.length;
  return `deletion of ${shown.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}

/** Hooks that the last sync started: one with `generateName` is in no other list. */
function startedHooks({ status }: Application): readonly ObjectKey[] {
  const lines = status?.operationState?.syncResult?.resources ?? [];
  return lines.filter(({ hookType }) => hookType !== undefined).map((line) => objectKey(line));
}

interface Planned {
  readonly plan: DeletionPlan;
  readonly claimed: ClaimResult;
  readonly options: DeletionOptions;
}

async function planFor(live: LiveStore, tracking: SetTrackingOptions, deletion: Deletion): Promise<Planned> {
  const { app, signal } = deletion;
  const { appName: instance } = tracking;
  const keys = new Set([...inventoryOf(app), ...startedHooks(app), ...(await desiredKeys(deletion))]);
  const claimed = await live.claim(instance, keys, signal);
  const options: DeletionOptions = {
    propagation: cascadeOf(app) === "background" ? "Background" : "Foreground",
    objectDefaults: objectDefaultsOf(syncOptionsOf(app, undefined), false),
    requestedAtMs: requestedAtMs(app),
    deletionApprovedAtMs: deletionApprovedAt(app),
  };
  // An Application that holds its own manifest would wait for its own deletion for ever.
  const entries = [...keys]
    .map((key) => entryOf(key, live, tracking))
    .filter((entry) => entry.live === undefined || entry.live.metadata.uid !== app.metadata.uid);
  return { plan: planDeletion(entries, options), claimed, options };
}

function entryOf(key: ObjectKey, live: LiveStore, tracking: SetTrackingOptions) {
  const object = live.get(key);
  return { key, live: object, trackedByUs: object !== undefined && ownsObject(object, tracking) };
}

/**
 * What Git wants, if it can be told: a controller that ended in the middle of the very first sync has not written down what
 * it applied, and those objects must not be left behind.
 */
async function desiredKeys({ app, state, deps, signal }: Deletion): Promise<readonly ObjectKey[]> {
  if ((app.status?.resources ?? []).length > 0) return [];
  const resolved = resolveContext(app, { hub: deps.hub, config: deps.config(), registry: deps.registry });
  if (!resolved.ok) return [];
  try {
    const request = { maxAgeMs: Number.POSITIVE_INFINITY, signal };
    const { desired } = await refreshDesired(resolved.context, state, { adapters: deps.adapters, request });
    return desired.objects.map((object) => object.key);
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    deps.log.warn("deleting without what Git says", { app: resolved.context.key, error: error.message });
    return [];
  }
}
