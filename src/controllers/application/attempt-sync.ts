import type { OperationState, ResourceResult } from "#core/app/index.ts";
import {
  isLocalSync,
  joinRevisions,
  operationRevisionsOf,
  operationSourcesOf,
  revisionsOf,
} from "#core/app/index.ts";
import type { JsonValue, ObjectKey } from "#core/object/index.ts";
import { jsonEqual, objectKey } from "#core/object/index.ts";
import type { SyncPlan } from "#core/sync/index.ts";
import { actionsOf, formatWait } from "#core/sync/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { annotationKey, ownsObject } from "#core/tracking/index.ts";
import type { ComparedObject, VerdictCache } from "#engine/compare.ts";
import { compareApp, rememberApplied } from "#engine/compare.ts";
import type { ComparisonRules } from "#engine/comparison-rules.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import { respectBy } from "#engine/ignored-fields.ts";
import type { Desired } from "#engine/desired.ts";
import type { RunOptions, RunProgress } from "#engine/plan-run.ts";
import type { RunOutcome } from "#engine/run-plan.ts";
import { runPlan } from "#engine/run-plan.ts";
import type { HealthJudge } from "#engine/scripted-health.ts";
import type { AppContext } from "#engine/app-context.ts";
import { withSources, writerFor } from "#engine/app-context.ts";
import { inventoryOf } from "#core/app/index.ts";
import { areListed, intentionsOf, startsHooks, withIntentions } from "./intentions.ts";
import { deployedOf, resourceResultsOf } from "./operation-state.ts";
import { isOperationApproved } from "./approval.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { refuseLocalSync } from "#engine/local-manifests.ts";
import { placeManifests, renderDesired } from "#engine/render-desired.ts";
import { requireSignatures } from "#engine/require-signatures.ts";
import { accessFor, scopeOf } from "./refresh-desired.ts";
import type { Attempt, OperationRun } from "./run-operation.ts";
import { refuseByApproval } from "./plan-approval.ts";
import { refuseByPromotion } from "./promotion-gate.ts";
import { tell } from "./tell.ts";
import { namespaceKeyOf } from "#engine/sync-options.ts";

type SyncResult = NonNullable<OperationState["syncResult"]>;

interface Step {
  readonly run: OperationRun;
  readonly rules: ComparisonRules;
  readonly signal: AbortSignal;
  readonly desired: Desired;
  readonly verdicts: VerdictCache;
}

/** One try of a sync: render, compare, plan, run. `onProgress` hears how far it is. */
export async function attemptSync(
  run: OperationRun,
  signal: AbortSignal,
  onProgress: (now: RunProgress, syncResult: SyncResult) => void,
): Promise<Attempt> {
  const { operations } = run.deps;
  const { operation } = run.running;
  if (isLocalSync(operation)) refuseLocalSync(operatedOn(run), operation);
  // An automated operation has had its turn when it was recorded.
  const begin = run.running.automated
    ? slotOf(run, signal)
    : <T>(work: () => Promise<T>) => operations.run(work, signal);
  tellStage(
    run,
    isLocalSync(operation) ? "reading the manifests that were sent" : "reading and rendering what Git wants",
  );
  const desired = await begin(() => desiredOf(run, signal));
  const unpromoted = await refuseByPromotion(run, desired, signal);
  if (unpromoted !== undefined) return unpromoted;
  const verdicts: VerdictCache = remembered(desired, run) ?? new Map();
  const step: Step = { run, signal, desired, verdicts, rules: rulesOf(run) };
  tellStage(run, "comparing with what lives in the cluster");
  const compared = await compareFor(step);
  const plan = planFor(step, compared);
  const refusal = refuseByApproval(run, plan, { compared, rules: step.rules });
  if (refusal !== undefined) return refusal;
  const outcome = await runWrittenAhead(plan, compared, { ...step, onProgress });
  for (const line of outcome.results) {
    const applied = line.result.code === "Synced" && !line.result.message.endsWith("unchanged");
    if (applied) run.applied.add(line.key);
  }
  return {
    phase: outcome.phase,
    message: outcome.message,
    final: plan.refusals.length > 0,
    blamesRevision: blamesRevision(outcome),
    plan,
    syncResult: syncResultOf(run, desired, { ...outcome, intentions: [] }),
  };
}

/** False for a failure that is none of what was applied, but of the way to the cluster. */
function blamesRevision({ phase, results }: RunOutcome): boolean {
  const failed = results.filter(({ result }) => result.code === "SyncFailed");
  return phase !== "Succeeded" && (failed.length === 0 || failed.some(({ outage }) => outage !== true));
}

/** What the attempt does before it has a plan; what a hanging repository, renderer or cluster holds up is not held up in silence. */
function tellStage(run: OperationRun, message: string): void {
  const { running, deps } = run;
  const since = formatTime(deps.adapters.clock.now());
  running.progress = { ...running.progress, message: formatWait({ message, since, wayOut: wayOutOf(run) }) };
  deps.onProgress();
}

interface Reported extends Step {
  readonly onProgress: (now: RunProgress, syncResult: SyncResult) => void;
}

/** Runs the plan when the Application says what it is about to apply, as far as it does not say so already. */
async function runWrittenAhead(
  plan: SyncPlan,
  compared: readonly ComparedObject[],
  { onProgress, ...step }: Reported,
): Promise<RunOutcome> {
  const { run, desired } = step;
  let intentions = intentionsOf(plan);
  let last: RunProgress = { message: "syncing", waiting: false, results: run.earlier };
  const report = (now: RunProgress): void => {
    last = now;
    onProgress(now, syncResultOf(run, desired, { ...now, intentions }));
  };
  if (
    (intentions.length > 0 || startsHooks(plan)) &&
    !(isPinned(run) && areListed(intentions, inventoryOf(run.deps.application())))
  ) {
    report(last);
    await tell(run);
  }
  const begun = new Set<ObjectKey>();
  try {
    return await runFor(plan, compared, {
      ...step,
      onProgress: report,
      onBegun: (key) => void begun.add(key),
    });
  } catch (error) {
    // What was not begun is not there, and what was may be; of an attempt before a crash nobody knows.
    if (!run.resumed) intentions = intentions.filter((line) => begun.has(objectKey(line)));
    report(last);
    throw error;
  }
}

/**
 * The revisions that the attempt is to deploy, by source; an empty one is the newest of its source. One that a crash interrupted goes on
 * with what it had begun, whatever is newer by now: otherwise nobody would know what only that revision has.
 */
function askedOf({ context, running, resumed, refresh }: OperationRun): readonly string[] {
  const wanted = operationSourcesOf(context.app, running.operation);
  const { length } = wanted;
  const {
    source,
    sources = source === undefined ? [] : [source],
    ...said
  } = running.progress.syncResult ?? {};
  const begun = resumed && jsonEqual(sources as JsonValue, wanted as JsonValue) ? revisionsOf(said) : [];
  if (begun.length === length) return begun;
  return refresh ? Array.from({ length }, () => "") : operationRevisionsOf(running.operation, length);
}

/** The operation's own words for its revisions: after a crash, too, when the commits are known. */
function namedBy({ context, running, refresh }: OperationRun): readonly string[] {
  if (refresh) return [];
  const { length } = operationSourcesOf(context.app, running.operation);
  return operationRevisionsOf(running.operation, length);
}

function isPinned(run: OperationRun): boolean {
  return isLocalSync(run.running.operation) || askedOf(run).every((revision) => revision !== "");
}

function planFor({ run, desired }: Step, compared: readonly ComparedObject[]): SyncPlan {
  return planOperation({
    context: run.context,
    operation: run.running.operation,
    revision: isLocalSync(run.running.operation) ? "local" : desired.revision,
    startedAtMs: run.running.startedAtMs,
    compared,
    applied: run.applied,
    hooks: run.hooks,
    resumed: run.resumed,
  });
}

/** The hooks that the operation starts, whether it has or not. */
export async function hooksOf(run: OperationRun, signal: AbortSignal): Promise<readonly ObjectKey[]> {
  const desired = await desiredOf(run, signal);
  const step: Step = { run, signal, desired, verdicts: new Map(), rules: rulesOf(run) };
  const { waves } = planFor(step, await compareFor(step));
  return actionsOf(...waves).flatMap((one) =>
    one.verb === "apply" && one.hook !== undefined ? [one.key] : [],
  );
}

function rulesOf({ context, running, deps }: OperationRun): ComparisonRules {
  return comparisonRulesOf({ ...context, operation: running.operation, scripts: deps.scripts });
}

function slotOf({ deps }: OperationRun, signal: AbortSignal) {
  return <T>(work: () => Promise<T>): Promise<T> => deps.operations.continue(work, signal);
}

function judgeOf({ context, deps }: OperationRun): HealthJudge {
  return deps.healthChecks.judgeBy(context.settings.healthScripts, context.instance);
}

async function compareFor({
  run,
  signal,
  desired,
  verdicts,
  rules,
}: Step): Promise<readonly ComparedObject[]> {
  const { context, deps } = run;
  const namespaceKey = namespaceKeyOf(context.app, run.running.operation);
  const inventory: readonly ObjectKey[] = [
    ...inventoryOf(context.app),
    ...(namespaceKey === undefined ? [] : [namespaceKey]),
  ];
  return slotOf(
    run,
    signal,
  )(() =>
    compareApp({
      claimant: `${context.instance}#operation`,
      desired,
      inventory,
      live: context.live,
      tracking: context.tracking,
      secretHash: deps.secretHash,
      verdicts,
      rules,
      health: judgeOf(run),
      signal,
    }),
  );
}

async function runFor(
  plan: SyncPlan,
  compared: readonly ComparedObject[],
  {
    run,
    signal,
    desired,
    verdicts,
    rules,
    onProgress,
    onBegun,
  }: Step & Pick<RunOptions, "onProgress" | "onBegun">,
): Promise<RunOutcome> {
  const { context, deps } = run;
  const { live, tracking } = context;
  const byKey = new Map(desired.objects.map((object) => [object.key, object]));
  return runPlan(plan, {
    writer: writerFor(context),
    live,
    claimant: `${context.instance}#plan`,
    clock: deps.adapters.clock,
    assess: judgeOf(run).assess,
    learnHealth: judgeOf(run).learn,
    isOurs: (object) => ownsObject(object, tracking),
    respect: respectBy(rules, { cluster: live.cluster, tracking }),
    apiVersions: new Map(compared.map((object) => [object.key, object.apiVersion])),
    concurrency: deps.writeConcurrency,
    slot: slotOf(run, signal),
    earlier: run.earlier,
    onBegun,
    onApplied: (key, answer) => {
      const wanted = byKey.get(key);
      if (wanted !== undefined) rememberApplied(wanted, answer, { tracking, verdicts, rules });
    },
    onProgress,
    confirmation: confirmationOf(run, signal),
    wayOut: wayOutOf(run),
    waveDelayMs: deps.waveDelayMs,
    tell: () => tell(run),
    signal,
    shutdown: run.signal,
  });
}

function confirmationOf({ running, deps }: OperationRun, signal: AbortSignal): RunOptions["confirmation"] {
  const { metadata } = deps.application();
  return {
    isGiven: () => isOperationApproved(running, deps.application()),
    given: () => waitOrAbort(running.approved.promise, signal),
    howTo: `run: mooring app confirm-deletion ${metadata.name} (or set annotation ${annotationKey.deletionApproved} of the Application to the current time)`,
  };
}

function wayOutOf({ running, context }: OperationRun): string {
  const stop = `run: mooring app terminate-op ${context.app.metadata.name}`;
  return running.automated ? `commit a change, or ${stop}` : stop;
}

/** The application with the sources that the operation is about. */
function operatedOn({ context, running }: OperationRun): AppContext {
  return withSources(context, operationSourcesOf(context.app, running.operation));
}

function desiredOf(run: OperationRun, signal: AbortSignal): Promise<Desired> {
  return isLocalSync(run.running.operation) ? sentTo(run, signal) : renderedFor(run, signal);
}

/** What the client sent with the operation, which a restart finds in it again. */
async function sentTo(run: OperationRun, signal: AbortSignal): Promise<Desired> {
  const discovery = await run.context.live.cluster.discover(signal);
  return placeManifests(operatedOn(run), run.running.operation.sync?.manifests ?? [], discovery);
}

async function renderedFor(run: OperationRun, signal: AbortSignal): Promise<Desired> {
  const { context, running, deps, state } = run;
  const sources = operationSourcesOf(context.app, running.operation);
  const asked = askedOf(run);
  const known = isCurrent(run)
    ? [state.desired, state.heldDesired].flatMap((one) =>
        one !== undefined && jsonEqual(sources as JsonValue, one.sources as JsonValue) ? [one.desired] : [],
      )
    : [];
  const pinned = known.find(({ revision }) => revision === joinRevisions(asked));
  if (running.automated && pinned !== undefined) return pinned;
  const from = operatedOn(run);
  const access = accessFor(from, deps.adapters, { maxAgeMs: 0, signal });
  const revisions: string[] = [];
  for (const [i, reference] of from.sources.entries())
    revisions.push(await resolveRevision(reference, asked[i] ?? "", access));
  const named = { ...access, asked: namedBy(run) };
  const same = known.find(({ revision }) => revision === joinRevisions(revisions));
  if (same !== undefined) {
    // It may have been asked for by a tag, which has a signature of its own.
    await requireSignatures(from, revisions, named);
    return same;
  }
  const target = context.live.cluster;
  const discovery = await target.discover(signal);
  const { renderer, openDataKeys } = deps.adapters;
  return renderDesired(from, revisions, { ...named, renderer, openDataKeys, target, discovery });
}

/** What is known of how live objects differ from this, from the last look; undefined when that was at something else. */
function remembered(desired: Desired, run: OperationRun): VerdictCache | undefined {
  const { state } = run;
  if (!isCurrent(run)) return undefined;
  if (desired === state.desired?.desired) return state.verdicts;
  return desired === state.heldDesired?.desired ? state.heldVerdicts : undefined;
}

/** False once the application was moved while the operation ran: what is remembered now is about another place. */
function isCurrent({ state, context }: OperationRun): boolean {
  return state.scope === scopeOf(context);
}

interface Said extends Pick<RunProgress, "results"> {
  readonly intentions: readonly ResourceResult[];
}

function syncResultOf(run: OperationRun, desired: Desired, { results, intentions }: Said): SyncResult {
  return {
    ...deployedOf(run.context.app, run.running.operation, desired.revisions),
    resources: withIntentions(resourceResultsOf(results), intentions),
  };
}
