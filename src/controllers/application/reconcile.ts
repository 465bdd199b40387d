import type {
  AppKey,
  Application,
  ApplicationStatus,
  FoundCondition,
  OperationState,
} from "#core/app/index.ts";
import {
  appendHistory,
  appKeyOf,
  parseApplication,
  setConditions,
  withHookFinalizers,
} from "#core/app/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import { reviewDependencies } from "./await-dependencies.ts";
import { viewForDeletion } from "./deletion-view.ts";
import { isAsked } from "./deletion.ts";
import { deleteApplication } from "./delete-application.ts";
import type { ApplicationDeps } from "./deps.ts";
import { forgetApplication } from "./forget.ts";
import { writeInvalid } from "./invalid.ts";
import type { Look, LookRequest } from "./look.ts";
import { lookAt } from "./look.ts";
import { redactState } from "./operation-state.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { outageRetryMs } from "./refresh-desired.ts";
import { approvalAnnotations } from "./approval-annotations.ts";
import type { AppState, RunningOperation } from "./state.ts";
import { createAppState } from "./state.ts";
import { noteTimeline } from "./note-timeline.ts";
import { reviewPromotion } from "./promotion-gate.ts";
import { reviewRollback } from "./review-rollback.ts";
import { repairStatus } from "./repair-status.ts";
import { onlyRevisionMoved } from "./status-pace.ts";
import { buildStatus, syncStatusOf } from "./status.ts";
import { progressWriteMs } from "./start-operation.ts";
import { isTakenBack, steerOperation } from "./steer.ts";
import { hasEndedEarly, writeEnded } from "./write-ended.ts";
import { waitForWindows } from "./sync-windows.ts";
import type { Notes } from "./write-status.ts";
import { writeFitting } from "./write-status.ts";

/** Its end queues an application whose operation is being ended. */
const endingMs = 1_000;
/** An application that waits for its turn so long says meanwhile what was found. */
const silentQueueMs = 10_000;
const failedRequeueMs = 30_000;
const maxConditions = 100;
/** The types of conditions that every look evaluates anew. */
const evaluated = [
  "InvalidSpecError",
  "ComparisonError",
  "UnknownError",
  "SyncError",
  "SharedResourceWarning",
  "RepeatedResourceWarning",
  "ExcludedResourceWarning",
  "OrphanedResourceWarning",
  "UnsupportedFieldWarning",
  "SyncWindowWarning",
  "SelfHealWarning",
  "GlobalProjectWarning",
  "RollbackWarning",
  "ApprovalRequired",
  "PromotionRequired",
  "DependencyError",
  "DependencyWarning",
] as const;

/** Brings one application's status, and where it is to be synced its objects, to what is true now. */
export async function reconcileApplication(
  key: AppKey,
  deps: ApplicationDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const object = deps.hub.applications.get(key);
  if (object === undefined) return forgetApplication(key, deps);
  const app = tryParse(object);
  const state = stateOf(key, object.metadata.uid ?? "", deps);
  if (object.metadata.deletionTimestamp !== undefined) {
    return deleteApplication(app instanceof Error ? viewForDeletion(object) : app, state, { deps, signal });
  }
  if (app instanceof Error) return writeInvalid(object, app, { deps, signal });
  if (app.metadata.annotations?.[annotationKey.skipReconcile] === "true") return { kind: "stalled" };
  // What was read as it stands needs no repair.
  const repaired = app !== object && (await repairStatus(key, object, { deps, signal }));
  if (repaired) return { kind: "waiting", requeueAfterMs: 0 };
  if (hasEndedEarly(app, state)) return writeEnded(app, state, { deps, signal });
  deps.hydration.notice(app, app.metadata.annotations?.[annotationKey.refresh] !== undefined);
  const waitMs = waitBeforeLook(app, state, deps.adapters.clock.now());
  if (waitMs > 0) return { kind: "waiting", requeueAfterMs: waitMs };
  state.lookedAtMs = deps.adapters.clock.now();
  const look = await lookUnlessInterrupted({ app, state, signal }, deps);
  if (look === undefined) return { kind: "waiting", requeueAfterMs: endingMs };
  noteTimeline(app, state, { look, deps });
  const unpromoted = await reviewPromotion(look, state, { deps, signal });
  const conditions = [
    ...reviewDependencies(app, look, deps),
    ...steerOperation(app, state, { look: { ...look, unpromoted }, deps }),
  ];
  const rollback = reviewRollback(app, state, { look, deps });
  return writeLook(app, state, {
    look: {
      ...look,
      conditions: [...rollback.conditions, ...look.conditions, ...conditions, ...fightOf(state)],
    },
    notes: rollback.notes,
    deps,
    signal,
  });
}

/** A look that nobody waits for any more when the operation that runs is ended; undefined then. */
async function lookUnlessInterrupted(request: LookRequest, deps: ApplicationDeps): Promise<Look | undefined> {
  const { state, signal } = request;
  if (state.running === undefined) return lookAt(request, deps);
  const interruption = new AbortController();
  state.interruption = interruption;
  try {
    return await lookAt({ ...request, signal: AbortSignal.any([signal, interruption.signal]) }, deps);
  } catch (error) {
    if (interruption.signal.aborted && !signal.aborted && isAbortError(error)) return undefined;
    throw error;
  } finally {
    state.interruption = undefined;
  }
}

/** Hub objects are replaced, never changed: what was parsed once is parsed. */
const parsed = new WeakMap<KubeObject, Application | Error>();

function tryParse(object: KubeObject): Application | Error {
  const known = parsed.get(object);
  if (known !== undefined) return known;
  const app = parseOrError(object);
  parsed.set(object, app);
  return app;
}

/** The Application as it is; undefined when it is gone or cannot be read. */
export function parseKnown(object: KubeObject | undefined): Application | undefined {
  const app = object === undefined ? undefined : tryParse(object);
  return app instanceof Error ? undefined : app;
}

function parseOrError(object: KubeObject): Application | Error {
  try {
    return parseApplication(object);
  } catch (error) {
    if (isMooringError(error, "APP_INVALID")) return error;
    throw error;
  }
}

/** An Application that was deleted and created again under its name inherits nothing: its predecessor's operation is ended. */
function stateOf(key: AppKey, uid: string, deps: ApplicationDeps): AppState {
  const known = deps.states.get(key);
  if (known?.uid === uid) return known;
  if (known !== undefined) forgetApplication(key, deps);
  const state = createAppState(uid);
  deps.states.set(key, state);
  return state;
}

/** While an operation works there is nothing to say about the application that its end will not say better. */
function waitBeforeLook(app: Application, { running }: AppState, now: number): number {
  // It ends at once, or says why not; a look now could hang where it hung.
  if (running?.recorded === true && running.stop.signal.aborted) return endingMs;
  if (running === undefined || app.status?.operationState?.phase === "Terminating") return 0;
  return isAsked(app) || isTakenBack(app, running) ? 0 : waitBeforeWrite(running, now);
}

interface Write {
  readonly look: Look;
  readonly notes: Notes;
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

async function writeLook(app: Application, state: AppState, write: Write): Promise<Outcome> {
  const { look, notes, deps, signal } = write;
  const now = deps.adapters.clock.now();
  const { finished } = state;
  if (state.running !== undefined) {
    const delayMs = isAsked(app) ? 0 : waitBeforeWrite(state.running, now);
    if (delayMs > 0) return { kind: "waiting", requeueAfterMs: delayMs };
  }
  const running = state.running?.mayRecord === true ? state.running : undefined;
  const started = running !== undefined && !running.recorded && app.operation === undefined;
  const told = running?.told;
  const status = statusOf(app, state, { look, now, deps });
  const finalizers = finalizersFor(app, look);
  const annotations = { ...notes, ...approvalAnnotations(app, state, { running, deps }) };
  const annotates = Object.keys(annotations).length > 0;
  const isMore = app.operation !== undefined || started || annotates || finalizers !== undefined;
  const paceMs = isMore ? 0 : waitForPace(app, state, { status, now, deps });
  if (paceMs > 0) return sooner(nextLook(state, { look, deps, now }), paceMs);
  const exists = await writeFitting(
    {
      app,
      status,
      ended: finished?.operation,
      started: started ? running.operation : undefined,
      begins: running?.recorded === false,
      finalizers,
      annotations,
    },
    deps,
    signal,
  );
  if (!exists) {
    // Whatever it applied from now on nobody would ever remove.
    state.running?.stop.abort(new OperationStopped("Failed", "the application was deleted"));
    return { kind: "stalled" };
  }
  if (finished !== undefined && state.finished === finished) state.finished = undefined;
  if (running !== undefined) {
    running.recorded = true;
    running.beganAtMs ??= now;
    running.whenRecorded.resolve();
    running.writtenAtMs = now;
    told?.resolve();
    if (running.told === told) running.told = undefined;
  }
  if (finished !== undefined) return { kind: "waiting", requeueAfterMs: 0 };
  return nextLook(state, { look, deps, now });
}

/** Also while a self-heal runs, and until the drift is seen again: it would come and go otherwise. */
function fightOf({ fight }: AppState): readonly FoundCondition[] {
  return fight === undefined ? [] : [{ type: "SelfHealWarning", message: fight.message }];
}

/** An Application whose hooks are to run when it is deleted must be held then; they are known as long as Git or its last answer is. */
function finalizersFor({ metadata }: Application, { desired }: Look): readonly string[] | undefined {
  return desired && withHookFinalizers(metadata.finalizers ?? [], desired.deletionHooks);
}

interface Paced {
  readonly status: ApplicationStatus;
  readonly now: number;
  readonly deps: ApplicationDeps;
}

/** How long a write waits that says nothing but the revision; the look after it says the newest one, and is one write for many commits. */
function waitForPace(app: Application, state: AppState, { status, now, deps }: Paced): number {
  const isAwaited = isAsked(app) || deps.dependencies.isAwaited(appKeyOf(app));
  const busy = isAwaited || state.running !== undefined || state.finished !== undefined;
  if (busy || !onlyRevisionMoved(app.status ?? {}, status)) {
    state.paceAtMs = undefined;
    return 0;
  }
  state.paceAtMs ??= deps.pace.reserve();
  const waitMs = state.paceAtMs - now;
  if (waitMs > 0) {
    deps.log.debug("the revision is written later", { app: appKeyOf(app), revision: status.sync?.revision });
    return waitMs;
  }
  state.paceAtMs = undefined;
  return 0;
}

function sooner(next: Outcome, waitMs: number): Outcome {
  if (next.kind === "stalled") return { kind: "waiting", requeueAfterMs: waitMs };
  return { kind: next.kind, requeueAfterMs: Math.min(waitMs, next.requeueAfterMs ?? waitMs) };
}

function waitBeforeWrite(running: RunningOperation, now: number): number {
  if (!running.mayRecord) return running.queuedAtMs + silentQueueMs - now;
  if (running.writtenAtMs === undefined || running.told !== undefined) return 0;
  return running.writtenAtMs + progressWriteMs - now;
}

function statusOf(
  app: Application,
  state: AppState,
  { look, now, deps }: { readonly look: Look; readonly now: number; readonly deps: ApplicationDeps },
): ApplicationStatus {
  const { finished } = state;
  const history =
    finished?.history === undefined
      ? undefined
      : appendHistory(app.status?.history ?? [], finished.history, app.spec.revisionHistoryLimit);
  return buildStatus(
    {
      compared: look.compared,
      held: look.held?.compared,
      syncStatus: look.compared === undefined ? "Unknown" : syncStatusOf(look.compared),
      revisions: look.desired?.revisions,
      sourceTypes: look.desired?.sourceTypes,
      conditions: setConditions(app.status?.conditions ?? [], {
        // What cannot be compared says nothing of what was left elsewhere.
        evaluated: look.compared === undefined ? evaluated : [...evaluated, "LeftBehindWarning"],
        found: look.conditions
          .slice(0, maxConditions)
          .map((one) => ({ ...one, message: deps.redact(one.message) })),
        now: formatTime(now),
      }),
      operationState: operationStateFor(state, deps),
      history,
      asked: isAsked(app),
    },
    { app, controllerNamespace: deps.hub.namespace, nowMs: now },
  );
}

function operationStateFor(
  { finished, held, running }: AppState,
  deps: ApplicationDeps,
): OperationState | undefined {
  const state = finished?.state ?? held ?? (running?.mayRecord === true ? progressOf(running) : undefined);
  return state === undefined ? undefined : redactState(state, deps.redact);
}

/** Once it was told to stop it is terminating, whatever it reports meanwhile. */
function progressOf({ progress, stop }: RunningOperation): RunningOperation["progress"] {
  return stop.signal.aborted ? { ...progress, phase: "Terminating" } : progress;
}

function nextLook(
  state: AppState,
  found: { readonly look: Look; readonly deps: ApplicationDeps; readonly now: number },
): Outcome {
  const { windowsAtMs, rollbackAtMs } = state;
  const usual = nextUsualLook(state, found);
  const alarms = [windowsAtMs, rollbackAtMs, state.unfrozenAtMs].filter((atMs) => atMs !== undefined);
  return alarms.reduce((next, atMs) => sooner(next, waitForWindows(atMs, found.now)), usual);
}

function nextUsualLook(
  state: AppState,
  { look, deps, now }: { readonly look: Look; readonly deps: ApplicationDeps; readonly now: number },
): Outcome {
  if (state.running !== undefined) return { kind: "settled" };
  if (look.compared === undefined && look.context !== undefined) {
    return { kind: "waiting", requeueAfterMs: failedRequeueMs * (0.5 + deps.random()) };
  }
  if (state.healAtMs !== undefined)
    return { kind: "waiting", requeueAfterMs: Math.max(1, state.healAtMs - now) };
  if (look.stale) return { kind: "waiting", requeueAfterMs: outageRetryMs };
  const { reconciliationTimeoutMs, reconciliationJitterMs } = deps.config().settings;
  if (reconciliationTimeoutMs === 0) return { kind: "settled" };
  return {
    kind: "settled",
    requeueAfterMs: reconciliationTimeoutMs + reconciliationJitterMs * deps.random(),
  };
}
