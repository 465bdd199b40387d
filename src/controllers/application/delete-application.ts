import type { Application, FoundCondition } from "#core/app/index.ts";
import {
  appKeyOf,
  cascadeOf,
  formatAppKey,
  isHookFinalizer,
  isResourcesFinalizer,
  setConditions,
} from "#core/app/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import type { DeletionOptions, DeletionPlan } from "#core/sync/index.ts";
import { planDeletion } from "#core/sync/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { annotationKey, appInstanceName, ownsObject } from "#core/tracking/index.ts";
import { deletionApprovedAt } from "#engine/plan-operation.ts";
import { runDeletion } from "#engine/run-deletion.ts";
import type { ClaimResult, LiveStore } from "#ports/live-store.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import { whileOpen } from "../clusters/while-open.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { trackingOptions } from "#core/hub/index.ts";
import { resolveContext } from "./context.ts";
import type { ApplicationDeps } from "./deps.ts";
import { forgetApplication } from "./forget.ts";
import { inventoryOf } from "#core/app/index.ts";
import { findLeftBehind } from "./left-behind.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { refreshDesired } from "./refresh-desired.ts";
import type { AppState } from "./state.ts";
import { objectDefaultsOf, syncOptionsOf } from "#engine/sync-options.ts";
import { hubFieldManager, writeStatus } from "./write-status.ts";

interface Deletion {
  readonly app: Application;
  readonly state: AppState;
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

const retryMs = 30_000;
/** Objects are awaited by their events; this only covers an event that never comes. */
const lookAgainMs = 10_000;

/** Deletes what an application that is being deleted has, wave by wave, and lets the Application go when all of it is gone. */
export async function deleteApplication(
  app: Application,
  state: AppState,
  { deps, signal }: Pick<Deletion, "deps" | "signal">,
): Promise<Outcome> {
  const deletion: Deletion = { app, state, deps, signal };
  const finalizers = app.metadata.finalizers ?? [];
  if (!finalizers.some(isResourcesFinalizer))
    return reportHookFinalizers(finalizers.filter(isHookFinalizer), deletion);
  if (state.running !== undefined) {
    state.running.stop.abort(new OperationStopped("Failed", "the application is being deleted"));
    return { kind: "waiting", requeueAfterMs: 100 };
  }
  const { clusters, settings } = deps.config();
  const destination = resolveDestination(app.spec.destination, clusters, settings);
  if (!destination.ok) {
    return report(
      deletion,
      `${formatAppKey(appKeyOf(app))}: its objects cannot be deleted: ${destination.message}`,
    );
  }
  const live = deps.registry.get(destination.cluster);
  try {
    const step = await deps.breaker.run({
      server: destination.cluster.server,
      visitor: appKeyOf(app),
      greet: () => whileOpen(live, () => live.cluster.discover(signal)),
      work: () => whileOpen(live, () => deleteFrom(live, deletion)),
      onOpen: () => deps.queue.add(appKeyOf(app)),
    });
    if (step.do === "wait") return { kind: "waiting", requeueAfterMs: lookAgainMs };
    return await (step.do === "release" ? release(deletion) : report(deletion, step.message));
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug" || error.retry === "now") throw error;
    return report(deletion, error.message);
  }
}

/** An Argo CD that was replaced may have left finalizers for hooks; waiting for them in silence would be for ever. */
function reportHookFinalizers(left: readonly string[], deletion: Deletion): Promise<Outcome> | Outcome {
  if (left.length === 0) return { kind: "stalled" };
  return report(
    deletion,
    `${formatAppKey(appKeyOf(deletion.app))}: held by ${left.join(", ")}, and delete hooks are not run yet; run what they should do by hand, then remove the finalizers from metadata.finalizers`,
  );
}

/** What is to be done on the hub after a look at the cluster. */
type Step =
  | { readonly do: "wait" }
  | { readonly do: "release" }
  | { readonly do: "report"; readonly message: string };

async function deleteFrom(live: LiveStore, deletion: Deletion): Promise<Step> {
  const { app, deps, signal } = deletion;
  const tracking = trackingOf(deletion);
  const isOurs = (object: KubeObject): boolean => ownsObject(object, tracking);
  const { plan, claimed, options } = await planFor(live, tracking, deletion);
  if (plan.awaiting.length > 0) {
    const names = plan.awaiting.map((key) => formatObjectKey(key)).join(", ");
    const message = `${names}: deletion needs confirmation; set annotation ${annotationKey.deletionApproved} to the current time on the Application, or run: mooring app confirm-deletion ${app.metadata.name}`;
    return { do: "report", message };
  }
  if (plan.waves.length > 0) {
    await runDeletion(plan, { live, isOurs, concurrency: deps.writeConcurrency, signal });
    return { do: "wait" };
  }
  const left = await findLeftBehind({ claimed, live, isOurs, options, signal });
  return left.length === 0 ? { do: "release" } : { do: "report", message: left.join("\n") };
}

function trackingOf({ app, deps }: Deletion): SetTrackingOptions {
  const { namespace = "", name } = app.metadata;
  const instance = appInstanceName(namespace, name, deps.hub.namespace);
  return trackingOptions(instance, app, deps.config().settings);
}

interface Planned {
  readonly plan: DeletionPlan;
  readonly claimed: ClaimResult;
  readonly options: DeletionOptions;
}

async function planFor(live: LiveStore, tracking: SetTrackingOptions, deletion: Deletion): Promise<Planned> {
  const { app, signal } = deletion;
  const { appName: instance } = tracking;
  const keys = new Set([...inventoryOf(app), ...(await desiredKeys(deletion))]);
  const claimed = await live.claim(instance, keys, signal);
  const options: DeletionOptions = {
    propagation: cascadeOf(app) === "background" ? "Background" : "Foreground",
    objectDefaults: objectDefaultsOf(syncOptionsOf(app, undefined), false),
    requestedAtMs: Date.parse(app.metadata.deletionTimestamp ?? ""),
    deletionApprovedAtMs: deletionApprovedAt(app),
  };
  const entries = [...keys].map((key) => entryOf(key, live, tracking));
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

/** Takes our finalizers off: the Application goes with the answer. */
async function release({ app, deps, signal }: Deletion): Promise<Outcome> {
  const { name, namespace = "", resourceVersion = "" } = app.metadata;
  const finalizers = (app.metadata.finalizers ?? []).filter((one) => !isResourcesFinalizer(one));
  try {
    const written = await deps.hub.cluster.mergePatch(
      { type: hubTypes.application, namespace, name },
      { metadata: { finalizers, resourceVersion } },
      { fieldManager: hubFieldManager, signal },
    );
    if (finalizers.length > 0) {
      deps.hub.applications.observe(written);
      return { kind: "waiting", requeueAfterMs: 0 };
    }
  } catch (error) {
    if (!isMooringError(error, "KUBE_NOT_FOUND")) throw error;
  }
  deps.log.info("application deleted", { app: appKeyOf(app) });
  return forgetApplication(appKeyOf(app), deps);
}

async function report({ app, deps, signal }: Deletion, message: string): Promise<Outcome> {
  const found: readonly FoundCondition[] = [{ type: "DeletionError", message }];
  const now = formatTime(deps.adapters.clock.now());
  const conditions = setConditions(app.status?.conditions ?? [], {
    evaluated: ["DeletionError"],
    found,
    now,
  });
  await writeStatus({ app, status: { ...app.status, conditions } }, deps, signal);
  return { kind: "waiting", requeueAfterMs: retryMs };
}
