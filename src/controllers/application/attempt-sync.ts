import type { OperationState, ResourceResult } from "#core/app/index.ts";
import { joinRevisions, operationRevisionsOf, operationSourcesOf, revisionsOf } from "#core/app/index.ts";
import { assessHealth } from "#core/health/index.ts";
import type { JsonValue, ObjectKey } from "#core/object/index.ts";
import { jsonEqual, objectKey } from "#core/object/index.ts";
import type { SyncPlan } from "#core/sync/index.ts";
import { ownsObject } from "#core/tracking/index.ts";
import type { ComparedObject, VerdictCache } from "#engine/compare.ts";
import { compareApp, rememberApplied } from "#engine/compare.ts";
import type { Desired } from "#engine/desired.ts";
import type { RunOptions, RunOutcome, RunProgress } from "#engine/run-plan.ts";
import { runPlan } from "#engine/run-plan.ts";
import { withSources } from "#engine/app-context.ts";
import { inventoryOf } from "#core/app/index.ts";
import { areListed, intentionsOf, withIntentions } from "./intentions.ts";
import { deployedOf, resourceResultsOf } from "./operation-state.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderDesired } from "#engine/render-desired.ts";
import { accessFor, scopeOf } from "./refresh-desired.ts";
import type { Attempt, OperationRun } from "./run-operation.ts";
import { tell } from "./tell.ts";
import { namespaceKeyOf } from "#engine/sync-options.ts";

type SyncResult = NonNullable<OperationState["syncResult"]>;

interface Step {
  readonly run: OperationRun;
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
  // An automated operation has had its turn when it was recorded.
  const begin = run.running.automated
    ? slotOf(run, signal)
    : <T>(work: () => Promise<T>) => operations.run(work, signal);
  const desired = await begin(() => desiredOf(run, signal));
  const remembered = isCurrent(run) && desired === run.state.desired?.desired;
  const step: Step = { run, signal, desired, verdicts: remembered ? run.state.verdicts : new Map() };
  const compared = await compareFor(step);
  const plan = planFor(step, compared);
  const outcome = await runWrittenAhead(plan, compared, { ...step, onProgress });
  for (const line of outcome.results) {
    const applied = line.result.code === "Synced" && !line.result.message.endsWith("unchanged");
    if (applied) run.applied.add(line.key);
  }
  return {
    phase: outcome.phase,
    message: outcome.message,
    final: plan.refusals.length > 0,
    plan,
    syncResult: syncResultOf(run, desired, { ...outcome, intentions: [] }),
  };
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
  if (intentions.length > 0 && !(isPinned(run) && areListed(intentions, run.deps.listed()))) {
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

function isPinned(run: OperationRun): boolean {
  return askedOf(run).every((revision) => revision !== "");
}

function planFor({ run, desired }: Step, compared: readonly ComparedObject[]): SyncPlan {
  return planOperation({
    context: run.context,
    operation: run.running.operation,
    revision: desired.revision,
    startedAtMs: run.running.startedAtMs,
    compared,
    applied: run.applied,
    hooks: run.hooks,
    resumed: run.resumed,
  });
}

/** The hooks that the operation starts, whether it has or not. */
export async function hooksOf(run: OperationRun, signal: AbortSignal): Promise<readonly ObjectKey[]> {
  const step: Step = { run, signal, desired: await desiredOf(run, signal), verdicts: new Map() };
  const { waves } = planFor(step, await compareFor(step));
  const actions = waves.flatMap((wave) => wave.groups.flatMap((group) => group.actions));
  return actions.flatMap((one) => (one.verb === "apply" && one.hook !== undefined ? [one.key] : []));
}

function slotOf({ deps }: OperationRun, signal: AbortSignal) {
  return <T>(work: () => Promise<T>): Promise<T> => deps.operations.continue(work, signal);
}

async function compareFor({ run, signal, desired, verdicts }: Step): Promise<readonly ComparedObject[]> {
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
      signal,
    }),
  );
}

async function runFor(
  plan: SyncPlan,
  compared: readonly ComparedObject[],
  { run, signal, desired, verdicts, onProgress, onBegun }: Step & Pick<RunOptions, "onProgress" | "onBegun">,
): Promise<RunOutcome> {
  const { context, deps } = run;
  const byKey = new Map(desired.objects.map((object) => [object.key, object]));
  return runPlan(plan, {
    live: context.live,
    claimant: `${context.instance}#plan`,
    clock: deps.adapters.clock,
    assess: (object) => assessHealth(object),
    isOurs: (object) => ownsObject(object, context.tracking),
    apiVersions: new Map(compared.map((object) => [object.key, object.apiVersion])),
    concurrency: deps.writeConcurrency,
    slot: slotOf(run, signal),
    earlier: run.earlier,
    onBegun,
    onApplied: (key, answer) => {
      const wanted = byKey.get(key);
      if (wanted !== undefined) rememberApplied(wanted, answer, { tracking: context.tracking, verdicts });
    },
    onProgress,
    tell: () => tell(run),
    signal,
    shutdown: run.signal,
  });
}

async function desiredOf(run: OperationRun, signal: AbortSignal): Promise<Desired> {
  const { context, running, deps, state } = run;
  const sources = operationSourcesOf(context.app, running.operation);
  const asked = askedOf(run);
  const sameSources =
    state.desired !== undefined && jsonEqual(sources as JsonValue, state.desired.sources as JsonValue);
  const known = isCurrent(run) && sameSources ? state.desired?.desired : undefined;
  if (running.automated && known?.revision === joinRevisions(asked)) return known;
  const from = withSources(context, sources);
  const access = accessFor(from, deps.adapters, { maxAgeMs: 0, signal });
  const revisions: string[] = [];
  for (const [i, reference] of from.sources.entries())
    revisions.push(await resolveRevision(reference, asked[i] ?? "", access));
  if (known?.revision === joinRevisions(revisions)) return known;
  const target = context.live.cluster;
  const discovery = await target.discover(signal);
  const { renderer, openDataKeys } = deps.adapters;
  return renderDesired(from, revisions, { ...access, renderer, openDataKeys, target, discovery });
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
