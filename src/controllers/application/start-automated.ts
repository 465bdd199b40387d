import type {
  Application,
  ApplicationSource,
  FoundCondition,
  Operation,
  RevisionHistory,
} from "#core/app/index.ts";
import {
  formatRevisions,
  hasSources,
  isAutomated,
  isLocalSync,
  joinRevisions,
  operationRevisionsOf,
  revisionsOf,
  sourcesOf,
} from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson, parseObjectKey } from "#core/object/index.ts";
import { isRefusedByApproval } from "#core/approval/index.ts";
import type { AutoSyncDecision, AutoSyncInput, LastOperation } from "#core/sync/index.ts";
import { countHeals, decideAutoSync, describeFight } from "#core/sync/index.ts";
import { isRefusedByPromotion } from "#core/promotion/sync-gate.ts";
import { isRefusedByWindow } from "#core/windows/index.ts";
import type { RollbackHold } from "#core/rollback/index.ts";
import { viewRollbackSettings } from "#core/rollback/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { Desired } from "#engine/desired.ts";
import { automatedWait } from "./await-dependencies.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import { gateAutomated } from "./plan-approval.ts";
import { promotionCondition } from "./promotion-gate.ts";
import { asRollback } from "./rollback-operation.ts";
import { startOperation } from "./start-operation.ts";
import type { AppState } from "./state.ts";
import { countsAsOutOfSync, syncStatusOf } from "./status.ts";
import { automatedBlock, awaitWindows } from "./sync-windows.ts";

/** What automated syncs go for: what Git wants or, while a hold stands, what that keeps to. */
interface Aim {
  readonly sources: readonly ApplicationSource[];
  /** The operation names a list of them. */
  readonly isList: boolean;
  readonly desired: Desired;
  readonly compared: readonly ComparedObject[];
  readonly hold: RollbackHold | undefined;
}

function aimOf({ app, sources: wanted }: AppContext, { held, ...head }: Look): Aim | undefined {
  const { desired, compared } = held ?? head;
  if (desired === undefined || compared === undefined) return undefined;
  const sources = held?.sources ?? wanted.map(({ source }) => source);
  return { sources, isList: held?.isList ?? hasSources(app), desired, compared, hold: held?.hold };
}

/** Starts the sync that an automated application is due, if it is; what keeps it from that comes back as conditions. */
export function startAutomated(
  context: AppContext,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): readonly FoundCondition[] {
  const aim = aimOf(context, look);
  state.healAtMs = undefined;
  state.waitingPlan = null;
  if (aim === undefined || aim.hold?.state === "failed") return [];
  const compared = comparedBy(aim, state);
  const input = inputOf(context, aim, { compared, nowMs: deps.adapters.clock.now() });
  const decision = decideAutoSync(input);
  state.fight = fightOver(context.app, state, { compared, heals: countHeals(input) });
  // Which revision is the newest is not known now; what was deployed is still kept in step.
  if (decision.sync && decision.because === "new-revision" && look.stale && aim.hold === undefined) return [];
  if (!decision.sync) {
    if (decision.because === "backing-off") state.healAtMs = decision.retryAtMs;
    return "condition" in decision ? [{ type: decision.condition, message: decision.message }] : [];
  }
  const blocked = automatedBlock(context, state, deps.adapters.clock.now());
  const asked = operationOf(decision, aim, context);
  const { unpromoted } = look;
  if (unpromoted !== undefined) {
    state.unfrozenAtMs = unpromoted.untilMs;
    return [promotionCondition(context, unpromoted.message), ...(blocked === undefined ? [] : [blocked])];
  }
  const { desired } = aim;
  const gate = gateAutomated(context, asked, { look: { ...look, desired, compared: aim.compared }, deps });
  state.waitingPlan = gate.waiting ?? null;
  // What was deployed is kept in step whatever has become of what it depends on.
  const isNews = decision.because === "new-revision" && aim.hold === undefined;
  const awaiting = isNews ? automatedWait(context, look, deps) : undefined;
  const kept = [...(awaiting ?? []), ...[blocked, gate.condition].filter((one) => one !== undefined)];
  if (awaiting !== undefined || kept.length > 0) return kept;
  startOperation(context, state, {
    deps,
    operation: gate.operation,
    automated: true,
    recorded: false,
    terminating: false,
    revision: aim.desired.revision,
  });
  awaitWindows(state, context.windows, deps.adapters.clock.now());
  return [];
}

/** What was just pruned may still be there for a moment: that is no drift. What cannot be reached, no sync puts right. */
function comparedBy({ compared }: Aim, { pruned }: AppState): readonly ComparedObject[] {
  return compared.filter((one) => !one.unreachable && (one.desired !== undefined || !pruned.has(one.key)));
}

interface Healed {
  readonly compared: readonly ComparedObject[];
  readonly heals: number;
}

/**
 * Between a heal and the next change nothing differs, and the fight is not over: it is when a heal has lasted, or when the spec was
 * changed, perhaps to end it.
 */
function fightOver(app: Application, { fight }: AppState, { compared, heals }: Healed): AppState["fight"] {
  const contested = compared.filter((object) => countsAsOutOfSync(object));
  // Most applications differ in nothing and are fought over by nobody: of them nothing is worked out.
  if (contested.length === 0 && fight === undefined) return undefined;
  const spec = canonicalJson(app.spec as unknown as JsonValue);
  if (contested.length === 0) return heals > 0 && fight?.spec === spec ? fight : undefined;
  const told = contested.map(({ key, desired, drift, liveVersion }) => ({
    key,
    extra: desired === undefined,
    drift: liveVersion === undefined ? [{ path: "" }] : drift,
  }));
  const message = describeFight(told, heals);
  return message === undefined ? undefined : { message, spec };
}

/**
 * An automated application whose first sync was applied but not yet written down when the controller ended is in sync and has
 * no history: it is synced once more, which changes nothing and records what was deployed.
 */
function inputOf(
  context: AppContext,
  { desired, sources, hold }: Aim,
  { compared, nowMs }: { readonly compared: readonly ComparedObject[]; readonly nowMs: number },
): AutoSyncInput {
  const { app } = context;
  const status = syncStatusOf(compared);
  const unrecorded = status === "Synced" && neverSynced(app) && compared.length > 0;
  return {
    policy: policyOf(app, hold),
    syncStatus: unrecorded ? "OutOfSync" : status,
    operationRunning: false,
    deleting: app.metadata.deletionTimestamp !== undefined,
    lastOperation: lastOperationOf(app),
    desiredRevision: desired.revision,
    sourceDigest: digestOf(sources),
    outOfSync: compared
      .filter((object) => unrecorded || countsAsOutOfSync(object))
      .map((object) => ({ key: object.key, requiresPrune: object.desired === undefined })),
    empty: desired.objects.length === 0,
    nowMs,
  };
}

/** Whoever asks for what people sync to be rolled back asks for that without automated sync, too; what the failed sync pruned counts then. */
function policyOf(app: Application, hold: RollbackHold | undefined): AutoSyncInput["policy"] {
  const policy = app.spec.syncPolicy?.automated;
  if (hold?.state === "done") return policy?.selfHeal === true ? policy : undefined;
  const isAsked = hold !== undefined && viewRollbackSettings(app.metadata.annotations)?.ofManual === true;
  if (!isAsked || isAutomated(app)) return policy;
  return { prune: app.status?.operationState?.operation.sync?.prune === true };
}

function neverSynced({ status }: Application): boolean {
  return (status?.history ?? []).length === 0 && status?.operationState === undefined;
}

function lastOperationOf(app: Application): LastOperation | undefined {
  const state = app.status?.operationState;
  if (state?.operation.sync === undefined || state.operation.sync.dryRun === true) return lastDeployment(app);
  // It was of no revision; one that deployed nothing was refused, and what was deployed before still is.
  if (isLocalSync(state.operation)) return state.syncResult === undefined ? lastDeployment(app) : undefined;
  if (isRefusedBeforehand(state.message)) return lastDeployment(app);
  return {
    phase: state.phase,
    revision: joinRevisions(
      state.syncResult === undefined
        ? operationRevisionsOf(state.operation, sourcesOf(app).length)
        : revisionsOf(state.syncResult),
    ),
    sourceDigest: digestOf(deployedSourcesOf(app, state.syncResult)),
    finishedAtMs: state.finishedAt === undefined ? undefined : Date.parse(state.finishedAt),
    autoHealAttempts: state.operation.sync.autoHealAttemptsCount ?? 0,
    message: state.message,
  };
}

/** By something other than what it was to deploy, so that nothing was tried. */
function isRefusedBeforehand(message: string | undefined): boolean {
  return isRefusedByWindow(message) || isRefusedByApproval(message) || isRefusedByPromotion(message);
}

/** Sources are parsed once and never changed, and asked for at every look. */
const digests = new WeakMap<ApplicationSource, string>();

function digestOf(sources: readonly ApplicationSource[]): string {
  return sources
    .map((source) => {
      const known = digests.get(source) ?? canonicalJson(source as JsonValue);
      digests.set(source, known);
      return known;
    })
    .join("\n");
}

function deployedSourcesOf(
  app: Application,
  said: Pick<RevisionHistory, "source" | "sources"> | undefined,
): readonly ApplicationSource[] {
  const { source, sources = [] } = said ?? {};
  if (sources.length > 0) return sources;
  return source === undefined ? sourcesOf(app) : [source];
}

/** A dry run in between must not make an automated application forget what it deployed. */
function lastDeployment(app: Application): LastOperation | undefined {
  const last = app.status?.history?.at(-1);
  if (last === undefined) return undefined;
  return {
    phase: "Succeeded",
    revision: joinRevisions(revisionsOf(last)),
    sourceDigest: digestOf(deployedSourcesOf(app, last)),
    finishedAtMs: Date.parse(last.deployedAt),
    autoHealAttempts: 0,
  };
}

function operationOf(
  decision: Extract<AutoSyncDecision, { readonly sync: true }>,
  { desired: { revisions }, sources, isList, hold }: Aim,
  { app }: AppContext,
): Operation {
  const { retry } = app.spec.syncPolicy ?? {};
  const selfHeal = decision.because === "self-heal";
  const [source] = sources;
  if (source === undefined) throw new Error("the application has no source");
  const operation: Operation = {
    sync: {
      ...(isList ? { revisions } : { revision: revisions[0] ?? "" }),
      ...(hold === undefined ? {} : isList ? { sources } : { source }),
      ...(decision.prune ? { prune: true } : {}),
      ...(app.spec.syncPolicy?.syncOptions === undefined
        ? {}
        : { syncOptions: app.spec.syncPolicy.syncOptions }),
      ...(selfHeal
        ? {
            autoHealAttemptsCount: decision.attempt,
            resources: decision.resources.map((key) => {
              const { group, kind, namespace, name } = parseObjectKey(key);
              return { group, kind, name, ...(namespace === "" ? {} : { namespace }) };
            }),
          }
        : {}),
    },
    initiatedBy: { automated: true },
    retry: retry ?? { limit: 5 },
  };
  if (hold === undefined || selfHeal) return operation;
  const [from, to] = [formatRevisions(hold.revisions), formatRevisions(revisions)];
  return asRollback(operation, `from ${from} to ${to}: ${hold.reason}`);
}
