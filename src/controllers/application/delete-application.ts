import type { Application, DeletionStage } from "#core/app/index.ts";
import { appKeyOf, deletionStageOf } from "#core/app/index.ts";
import { resolveDestination } from "#core/cluster/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import { whileOpen } from "../clusters/while-open.ts";
import { cleanHooks, runHooks } from "./delete-hooks.ts";
import { deleteObjects } from "./delete-objects.ts";
import { awaitTurn } from "./deletion-order.ts";
import type { Deletion, DeletionStep } from "./deletion.ts";
import { deletionDenial } from "./deletion-denial.ts";
import { forgetApplication } from "./forget.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { reportFailure, reportProblem, reportWaiting, troubleOf } from "./report-deletion.ts";
import type { AppState } from "./state.ts";
import { hubFieldManager } from "./write-status.ts";

/**
 * Takes an application that is being deleted through what is left of its deletion: hooks before it, its objects, wave by wave, hooks after
 * it. Each stage has its finalizers; the Application goes with the last of them.
 */
export async function deleteApplication(
  app: Application,
  state: AppState,
  { deps, signal }: Pick<Deletion, "deps" | "signal">,
): Promise<Outcome> {
  const deletion: Deletion = { app, state, deps, signal };
  const stage = deletionStageOf(app.metadata.finalizers ?? []);
  if (stage === undefined) return { kind: "stalled" };
  if (state.running !== undefined) {
    state.running.stop.abort(new OperationStopped("Failed", "the application is being deleted"));
    return { kind: "waiting", requeueAfterMs: 100 };
  }
  const forbidden = deletionDenial(app, deps.hub);
  if (forbidden !== undefined) return reportProblem(forbidden, deletion);
  const turn = awaitTurn(deletion);
  if (turn !== undefined)
    return sooner(await reportWaiting(turn.message, stage, deletion), turn.atMs, deletion);
  const { clusters, settings } = deps.config();
  const destination = resolveDestination(app.spec.destination, clusters, settings);
  if (!destination.ok)
    return reportFailure(`${troubleOf(stage, app)}: ${destination.message}`, stage, deletion);
  const live = deps.registry.get(destination.cluster);
  try {
    const step = await deps.breaker.run({
      server: destination.cluster.server,
      visitor: appKeyOf(app),
      greet: () => whileOpen(live, () => live.cluster.discover(signal)),
      work: () => whileOpen(live, () => carryOut(stage, live, deletion)),
      onOpen: () => deps.queue.add(appKeyOf(app)),
    });
    return await settle(step, stage, deletion);
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug" || error.retry === "now") throw error;
    return reportFailure(`${troubleOf(stage, app)}: ${error.message}`, stage, deletion);
  }
}

function sooner(next: Outcome, atMs: number, { deps }: Deletion): Outcome {
  if (next.kind !== "waiting") return next;
  return {
    kind: "waiting",
    requeueAfterMs: Math.min(next.requeueAfterMs, Math.max(0, atMs - deps.adapters.clock.now())),
  };
}

function carryOut(stage: DeletionStage, live: LiveStore, deletion: Deletion): Promise<DeletionStep> {
  switch (stage.do) {
    case "run-hooks":
      return runHooks(stage.hooks, deletion);
    case "clean-hooks":
      return cleanHooks(stage.hooks, live, deletion);
    case "delete-objects":
      return deleteObjects(live, deletion);
    default:
      throw new Error(`unhandled stage: ${JSON.stringify(stage satisfies never)}`);
  }
}

async function settle(step: DeletionStep, stage: DeletionStage, deletion: Deletion): Promise<Outcome> {
  switch (step.do) {
    case "release":
      return release(stage, deletion);
    case "wait":
      return reportWaiting(step.message, stage, deletion);
    case "confirm":
      return reportProblem(step.message, deletion);
    case "failed":
      return reportFailure(step.message, stage, deletion);
    default:
      throw new Error(`unhandled step: ${JSON.stringify(step satisfies never)}`);
  }
}

/** Takes the finalizers of a stage off: the Application goes with the last ones. */
async function release(
  { finalizers: done }: DeletionStage,
  { app, deps, signal }: Deletion,
): Promise<Outcome> {
  const { name, namespace = "", resourceVersion = "" } = app.metadata;
  const finalizers = (app.metadata.finalizers ?? []).filter((one) => !done.includes(one));
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
