import type {
  Application,
  ApplicationSource,
  FoundCondition,
  Operation,
  RevisionHistory,
} from "#core/app/index.ts";
import {
  appendHistory,
  appKeyOf,
  formatAppKey,
  isAutomated,
  isLocalSync,
  joinRevisions,
  operationRevisionsOf,
  operationSourcesOf,
  revisionsOf,
  sourcesOf,
} from "#core/app/index.ts";
import { isRefusedByApproval } from "#core/approval/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { Deployment, DeploymentVerdict, RollbackHold, RollbackSettings } from "#core/rollback/index.ts";
import {
  deploymentOf,
  entryOf,
  formatHold,
  judgeDeployment,
  parseHold,
  parseLastHealthy,
  viewRollbackSettings,
} from "#core/rollback/index.ts";
import { viewRetryWait } from "#core/sync/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { isRefusedByPromotion } from "#core/promotion/sync-gate.ts";
import { isRefusedByWindow } from "#core/windows/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ApplicationDeps } from "./deps.ts";
import { entrySources, sourcesDigest } from "./held.ts";
import type { Look } from "./look.ts";
import { isRollback } from "./rollback-operation.ts";
import type { AppState, FinishedOperation, RunningOperation } from "./state.ts";
import { countsAsOutOfSync, healthOfAll, syncStatusOf } from "./status.ts";
import type { Notes } from "./write-status.ts";

export interface RollbackReview {
  /** What the Application is to remember from now on. */
  readonly notes: Notes;
  readonly conditions: readonly FoundCondition[];
}

/** What an Application is judged by, as it will be once this look is written. */
interface Case {
  readonly app: Application;
  readonly state: AppState;
  readonly look: Look;
  readonly deps: ApplicationDeps;
  readonly settings: RollbackSettings | undefined;
  readonly history: readonly RevisionHistory[];
  readonly lastHealthy: Deployment | undefined;
  readonly nowMs: number;
}

const nothing: RollbackReview = { notes: {}, conditions: [] };
const maxReason = 300;

/**
 * Whether the last deployment is good, or is to be rolled back from, or a hold has ended: what follows is written with the look, so that no
 * crash comes between an operation that failed and the note of it. Also sets when it is to be judged again.
 */
export function reviewRollback(
  app: Application,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): RollbackReview {
  state.rollbackAtMs = undefined;
  const { annotations } = app.metadata;
  const settings = viewRollbackSettings(annotations);
  if (settings === undefined && annotations?.[annotationKey.rollbackHold] === undefined) return nothing;
  const before = holdOf(app);
  if (before === "unreadable") return nothing;
  const made = state.finished?.history;
  const known = app.status?.history ?? [];
  const one: Case = {
    app,
    state,
    look,
    deps,
    settings,
    history: made === undefined ? known : appendHistory(known, made, app.spec.revisionHistoryLimit),
    lastHealthy: lastHealthyOf(app),
    nowMs: deps.adapters.clock.now(),
  };
  if (state.running !== undefined) state.rollbackAtMs = deadlineOf(app, state.running);
  const verdict = verdictOf(one);
  if (verdict?.verdict === "open") state.rollbackAtMs = verdict.atMs;
  const hold = before === undefined ? newHold(one, verdict) : laterHold(before, one);
  return {
    notes: {
      ...noteOf(annotationKey.rollbackHold, before, hold),
      ...noteOf(annotationKey.lastHealthy, one.lastHealthy, healthyNow(one, hold, verdict)),
    },
    conditions: [...holdConditions(hold, one), ...nowhereConditions(hold, one, verdict)],
  };
}

/**
 * When a running sync that would be rolled back is to have ended, Unix milliseconds; undefined when nothing limits it: it goes back itself,
 * waits for its next attempt or for a person, or there is nothing to go back to. A restart begins the time anew.
 */
export function deadlineOf(app: Application, running: RunningOperation): number | undefined {
  const { annotations } = app.metadata;
  const settings = viewRollbackSettings(annotations);
  if (settings === undefined || !isJudged(running.operation, settings)) return undefined;
  if (annotations?.[annotationKey.rollbackHold] !== undefined) return undefined;
  if (entryOf(app.status?.history, lastHealthyOf(app)) === undefined) return undefined;
  if (running.beganAtMs === undefined || isInTurn(running)) return undefined;
  return running.beganAtMs + settings.deadlineMs;
}

/** True while it waits for a person, or for an attempt after which there may be no more. */
function isInTurn({ progress: { message = "" }, operation }: RunningOperation): boolean {
  if (message.startsWith("waiting for pruning confirmation")) return true;
  return viewRetryWait(message) !== undefined && (operation.retry?.limit ?? 0) >= 0;
}

/** One that cannot be read is told of as a comparison that failed, and keeps everything as it is. */
function holdOf(app: Application): RollbackHold | undefined | "unreadable" {
  try {
    return parseHold(app.metadata.annotations);
  } catch (error) {
    if (!isMooringError(error, "APP_INVALID")) throw error;
    return "unreadable";
  }
}

/** One that cannot be read is as good as none: it is written anew when the application is next found healthy. */
function lastHealthyOf(app: Application): Deployment | undefined {
  try {
    return parseLastHealthy(app.metadata.annotations);
  } catch (error) {
    if (!isMooringError(error, "APP_INVALID")) throw error;
    return undefined;
  }
}

/** A sync of the whole application that is rolled back if it fails. */
function isJudged(operation: Operation, settings: RollbackSettings): boolean {
  const automated = operation.initiatedBy?.automated === true;
  return (automated || settings.ofManual) && isWhole(operation) && !isRollback(operation);
}

function isWhole(operation: Operation): boolean {
  const { resources = [], dryRun = false } = operation.sync ?? {};
  return resources.length === 0 && !dryRun && !isLocalSync(operation);
}

/** What has become of the deployment that the history ends with; undefined while that cannot be said, or was said before. */
function verdictOf(one: Case): DeploymentVerdict | undefined {
  const { app, state, look, settings, history, lastHealthy, nowMs } = one;
  const { compared, desired } = look;
  const entry = history.at(-1);
  if (settings === undefined || entry === undefined) return undefined;
  // Also when the history was emptied, and its ids have begun anew.
  if (entryOf([entry], lastHealthy) !== undefined) return undefined;
  if (state.running !== undefined || state.finished !== undefined || look.held !== undefined)
    return undefined;
  if (compared === undefined || desired === undefined || look.outdated) return undefined;
  if (app.operation !== undefined || (app.status?.operationState?.phase ?? "Succeeded") !== "Succeeded")
    return undefined;
  const synced = syncStatusOf(compared) === "Synced";
  // Something else is about to be deployed.
  if (!synced && desired.revision !== joinRevisions(revisionsOf(entry))) return undefined;
  const { status: health } = healthOfAll(compared);
  const before = app.status?.health;
  const sinceMs = before?.status === health ? Date.parse(before.lastTransitionTime ?? "") : nowMs;
  return judgeDeployment({
    settings,
    deployedAtMs: Date.parse(entry.deployedAt),
    synced,
    health,
    healthSinceMs: Number.isNaN(sinceMs) ? nowMs : sinceMs,
    nowMs,
  });
}

function newHold(one: Case, verdict: DeploymentVerdict | undefined): RollbackHold | undefined {
  const { app, state, settings, history } = one;
  if (settings === undefined) return undefined;
  const { finished } = state;
  if (finished !== undefined) return holdAfter(finished, settings, one);
  const entry = history.at(-1);
  if (verdict?.verdict !== "failed" || entry === undefined || !isJudgedEntry(entry, settings))
    return undefined;
  const failed = { revisions: revisionsOf(entry), sources: entrySources(app, entry) };
  return holdFrom(failed, verdict.reason, one);
}

function isJudgedEntry({ initiatedBy }: RevisionHistory, settings: RollbackSettings): boolean {
  return initiatedBy?.automated === true || settings.ofManual;
}

function holdAfter(
  { operation, state, blamesRevision }: FinishedOperation,
  settings: RollbackSettings,
  one: Case,
): RollbackHold | undefined {
  if (!blamesRevision || !isJudged(operation, settings)) return undefined;
  const sources = operationSourcesOf(one.app, operation);
  const { syncResult } = state;
  const asked = operationRevisionsOf(operation, sources.length);
  const revisions = syncResult === undefined ? asked : revisionsOf(syncResult);
  if (revisions.length === 0 || revisions.includes("")) return undefined;
  const hold = holdFrom({ revisions, sources }, state.message ?? "its sync failed", one);
  // What somebody had synced need not be what Git wants.
  const head = operation.initiatedBy?.automated === true ? undefined : one.look.desired?.revisions;
  return hold === undefined || head === undefined ? hold : { ...hold, head };
}

interface Failed {
  readonly revisions: readonly string[];
  readonly sources: readonly ApplicationSource[];
}

function holdFrom({ revisions, sources }: Failed, why: string, one: Case): RollbackHold | undefined {
  const { app, history, lastHealthy, deps, nowMs } = one;
  const target = entryOf(history, lastHealthy);
  if (target === undefined) return undefined;
  const isTarget =
    joinRevisions(revisions) === joinRevisions(revisionsOf(target)) &&
    jsonEqual(sources as JsonValue, entrySources(app, target) as JsonValue);
  if (isTarget) return undefined;
  return {
    revisions,
    sources: sourcesDigest(sourcesOf(app)),
    to: deploymentOf(target),
    since: formatTime(nowMs),
    reason: shorten(deps.redact(why)),
    state: "pending",
  };
}

function shorten(text: string): string {
  return text.length > maxReason ? `${text.slice(0, maxReason)}…` : text;
}

/** What has become of a hold; undefined when it has ended. */
function laterHold(hold: RollbackHold, one: Case): RollbackHold | undefined {
  const { state, look } = one;
  const { running } = state;
  const isLifted = look.held === undefined && look.desired !== undefined;
  const isPersons = running?.mayRecord === true && !running.automated && isWhole(running.operation);
  if (isLifted || isPersons) return undefined;
  return hold.state === "pending" && running === undefined ? afterRollback(hold, one) : hold;
}

function afterRollback(hold: RollbackHold, one: Case): RollbackHold {
  const { app, state, look, history, deps } = one;
  const ended = state.finished?.state ?? app.status?.operationState;
  const { operation, phase, message = "" } = ended ?? {};
  const asked = operationRevisionsOf(operation ?? {}, hold.to.revisions.length);
  const isEnd =
    operation !== undefined &&
    isRollback(operation) &&
    joinRevisions(asked) === joinRevisions(hold.to.revisions);
  if (isEnd && phase === "Succeeded") {
    const entry = history.at(-1);
    const isRecorded = entry !== undefined && joinRevisions(revisionsOf(entry)) === joinRevisions(asked);
    return { ...hold, state: "done", to: isRecorded ? deploymentOf(entry) : hold.to };
  }
  const isFailed = phase === "Failed" || phase === "Error";
  // What was refused so tried nothing: it waits for its window, or for the approval of what would be done now.
  const isToCome =
    isRefusedByWindow(message) || isRefusedByApproval(message) || isRefusedByPromotion(message);
  if (isEnd && isFailed && !isToCome) {
    return { ...hold, state: "failed", failure: shorten(deps.redact(message)) };
  }
  const prunes = app.spec.syncPolicy?.automated?.prune === true;
  const left = look.held?.compared?.filter(
    (object) => countsAsOutOfSync(object) && (prunes || object.desired !== undefined),
  );
  // What failed had changed nothing, or what it left is nobody's to prune.
  return left?.length === 0 && state.finished === undefined ? { ...hold, state: "done" } : hold;
}

/** The deployment that is healthy now, else the one that was last. */
function healthyNow(
  { history, look, lastHealthy }: Case,
  hold: RollbackHold | undefined,
  verdict: DeploymentVerdict | undefined,
): Deployment | undefined {
  const { held } = look;
  const isBack =
    hold?.state === "done" &&
    held?.compared !== undefined &&
    syncStatusOf(held.compared) === "Synced" &&
    healthOfAll(held.compared).status === "Healthy";
  if (isBack) return hold.to;
  const entry = history.at(-1);
  return verdict?.verdict === "healthy" && entry !== undefined ? deploymentOf(entry) : lastHealthy;
}

function noteOf(name: string, before: JsonNote, after: JsonNote): Notes {
  if (after === undefined) return before === undefined ? {} : { [name]: null };
  return jsonEqual((before ?? null) as JsonValue, after as JsonValue)
    ? {}
    : { [name]: JSON.stringify(after) };
}

type JsonNote = RollbackHold | Deployment | undefined;

function holdConditions(hold: RollbackHold | undefined, { app, look }: Case): readonly FoundCondition[] {
  if (hold === undefined) return [];
  const said = `${formatAppKey(appKeyOf(app))}: ${formatHold(hold, app.metadata.name)}`;
  const problem = look.held?.problem;
  if (problem !== undefined)
    return [{ type: "SyncError", message: `${said}; what it is kept to cannot be deployed: ${problem}` }];
  if (hold.state === "failed") return [{ type: "SyncError", message: said }];
  const isOff = hold.state === "pending" && !isAutomated(app);
  const wait = isOff && viewRollbackSettings(app.metadata.annotations)?.ofManual !== true;
  const message = wait ? `${said}; it waits because automated sync is off` : said;
  return [{ type: "RollbackWarning", message }];
}

/** A failure that cannot be rolled back. */
function nowhereConditions(
  hold: RollbackHold | undefined,
  { app, state, look, history, settings, lastHealthy }: Case,
  verdict: DeploymentVerdict | undefined,
): readonly FoundCondition[] {
  if (hold !== undefined || settings === undefined || state.running !== undefined) return [];
  if (entryOf(history, lastHealthy) !== undefined) return [];
  const ended = state.finished?.state ?? app.status?.operationState;
  const isCurrent = joinRevisions(revisionsOf(ended?.syncResult ?? {})) === look.desired?.revision;
  const hasFailed =
    isCurrent &&
    (ended?.phase === "Failed" || ended?.phase === "Error") &&
    isJudged(ended.operation, settings);
  const entry = history.at(-1);
  const isBad = verdict?.verdict === "failed" && entry !== undefined && isJudgedEntry(entry, settings);
  if (!hasFailed && !isBad) return [];
  const message = `${formatAppKey(appKeyOf(app))}: the last sync failed and cannot be rolled back, because no deployment in its history is known to have been Healthy; commit a fix`;
  return [{ type: "RollbackWarning", message }];
}
