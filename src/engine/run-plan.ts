import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseApiVersion, parseObjectKey } from "#core/object/index.ts";
import type {
  Action,
  ApplyAction,
  OperationPhase,
  PruneAction,
  ResourceResult,
  SkipAction,
  SyncPhase,
  SyncPlan,
  Wave,
} from "#core/sync/index.ts";
import { advance, nextWave, operationMessages, startProgress, waveOutcome } from "#core/sync/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";
import { mapLimit } from "#runtime/limit.ts";
import { applyObject } from "./apply.ts";
import { awaitChange } from "./await-change.ts";
import { endRunningHooks, finishHooks } from "./finish-hooks.ts";
import { removeObject } from "./remove.ts";

/** One line of a sync's result. */
export interface ActionResult {
  readonly key: ObjectKey;
  readonly version: string;
  readonly phase: SyncPhase;
  readonly result: ResourceResult;
  readonly hookPhase: OperationPhase | undefined;
}

export interface RunProgress {
  readonly message: string;
  /** True while nothing is written and only the cluster is awaited. */
  readonly waiting: boolean;
  readonly results: readonly ActionResult[];
}

export interface RunOptions {
  readonly live: LiveStore;
  /** Whose claims the plan's objects are kept under while it runs. */
  readonly claimant: string;
  readonly clock: Clock;
  readonly assess: (object: KubeObject) => Health | undefined;
  /** True for an object that carries the application's tracking id. */
  readonly isOurs: (object: KubeObject) => boolean;
  /** The API version of every planned object, for the result. */
  readonly apiVersions: ReadonlyMap<ObjectKey, string>;
  /** Told of every object before it is applied: from then on it may be there, whatever is answered. */
  readonly onBegun: (key: ObjectKey) => void;
  /** Told of every object that was applied, with the server's answer. */
  readonly onApplied: (key: ObjectKey, answer: KubeObject) => void;
  /** Runs work that asks the cluster for something; waiting for it to change is not. */
  readonly slot: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the same attempt had done before a restart; the results go on from there. */
  readonly earlier: readonly ActionResult[];
  /** Writes at the same time inside a group. */
  readonly concurrency: number;
  readonly onProgress: (progress: RunProgress) => void;
  /** Resolves when what was last reported is written down where a restart finds it. */
  readonly tell: () => Promise<void>;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Ends the whole process: hooks of a run that only `signal` ended are cleaned up until this one aborts. */
  readonly shutdown: AbortSignal;
}

export interface RunOutcome {
  readonly phase: OperationPhase;
  readonly message: string;
  readonly results: readonly ActionResult[];
}

/** The results so far, by phase and key: a hook may run in several phases. */
type Results = Map<string, ActionResult>;

interface Run extends RunOptions {
  readonly plan: SyncPlan;
  readonly results: Results;
  /** Gates whose kind nobody watches: not served yet, or outside of what the cluster is restricted to. */
  unwatched: ReadonlySet<ObjectKey>;
  /** What the server answered when it was applied, for those. */
  readonly applied: Map<ObjectKey, KubeObject>;
}

/**
 * Carries a plan out, wave by wave, and returns what was done. A failure of one object does not stop the others of its
 * wave; it stops what comes after. Rejects with AbortError when the signal aborts: nothing is half-written then, because every
 * write is one request, and planning again continues.
 */
export async function runPlan(plan: SyncPlan, options: RunOptions): Promise<RunOutcome> {
  const run: Run = {
    ...options,
    plan,
    results: seedResults(options.earlier),
    unwatched: new Set(),
    applied: new Map(),
  };
  await claimPlanned(run);
  reportSkipped(run);
  try {
    return await runWaves(run);
  } catch (error) {
    if (options.signal.aborted && !options.shutdown.aborted) await endHooks(run);
    throw error;
  }
}

/** What failed is tried again, and what was left alone is decided again. */
function seedResults(earlier: readonly ActionResult[]): Results {
  const done = earlier.filter(({ result }) => result.code === "Synced" || result.code === "Pruned");
  return new Map(done.map((line) => [lineOf(line), line]));
}

function lineOf({ phase, key }: Pick<ActionResult, "phase" | "key">): string {
  return `${phase} ${key}`;
}

async function runWaves(run: Run): Promise<RunOutcome> {
  let progress = startProgress;
  for (;;) {
    const step = nextWave(run.plan, progress);
    if (step.do === "finish") {
      return { phase: step.phase, message: step.message, results: [...run.results.values()] };
    }
    const outcome = await runWave(step.wave, run);
    progress = advance(progress, step.index, outcome);
  }
}

/** A hook that goes on after its sync was ended would change things that nobody waits for any more. */
async function endHooks(run: Run): Promise<void> {
  if (run.plan.dryRun) return;
  const started = run.plan.waves.filter((wave) =>
    wave.groups.some((group) => group.actions.some(({ key }) => run.results.has(`${wave.phase} ${key}`))),
  );
  await endRunningHooks(started, {
    live: run.live,
    assess: run.assess,
    onFinished: (key, hookPhase) => {
      for (const wave of started) setHookPhase(run, `${wave.phase} ${key}`, hookPhase);
    },
    signal: run.shutdown,
  });
  report(run, "ending", true);
}

function setHookPhase(run: Run, line: string, hookPhase: OperationPhase): void {
  const result = run.results.get(line);
  if (result !== undefined) run.results.set(line, { ...result, hookPhase });
}

async function claimPlanned(run: Run): Promise<void> {
  const { plan, live, claimant, signal } = run;
  const keys = new Set<ObjectKey>();
  for (const wave of plan.waves) {
    for (const gate of wave.gates) keys.add(gate.key);
  }
  if (keys.size === 0) return;
  const { unknown } = await live.claim(claimant, keys, signal);
  run.unwatched = new Set(unknown);
}

/** An object as the cluster has it now; what nobody watches stands as it was applied. */
function liveOf(key: ObjectKey, { live, unwatched, applied }: Run): KubeObject | undefined {
  return live.get(key) ?? (unwatched.has(key) ? applied.get(key) : undefined);
}

function reportSkipped(run: Run): void {
  for (const skipped of run.plan.skipped) {
    const result = skipResult(skipped);
    if (result !== undefined)
      put(run, "Sync", { key: skipped.key, version: versionOf(skipped.key, run), result });
  }
}

function skipResult(action: SkipAction): ResourceResult | undefined {
  if (action.because !== "unchanged" || action.result === undefined) return action.result;
  return { ...action.result, message: `${nameOf(action.key)} unchanged` };
}

function versionOf(key: ObjectKey, { apiVersions }: Run): string {
  return parseApiVersion(apiVersions.get(key) ?? "").version;
}

function put(
  run: Run,
  phase: SyncPhase,
  line: Pick<ActionResult, "key" | "version" | "result"> & { readonly hookPhase?: OperationPhase },
): void {
  const next: ActionResult = { phase, hookPhase: undefined, ...line };
  const before = run.results.get(lineOf(next));
  // What this operation applied before a restart is unchanged now: the result says what was done, not what was left to do.
  if (isUnchanged(next) && before !== undefined && before.result.code === "Synced") return;
  run.results.set(lineOf(next), next);
}

function isUnchanged({ result, hookPhase }: ActionResult): boolean {
  return hookPhase === undefined && result.code === "Synced" && result.message.endsWith("unchanged");
}

async function runWave(wave: Wave, run: Run) {
  for (const group of wave.groups) {
    run.signal.throwIfAborted();
    report(run, `running ${wave.phase} wave ${wave.wave}`, false);
    await run.slot(() => mapLimit(group.actions, run.concurrency, (action) => runAction(action, wave, run)));
  }
  const outcome = await settleWave(wave, run);
  if (run.plan.dryRun) return outcome;
  await finishHooks(wave, {
    live: run.live,
    signal: run.signal,
    assess: run.assess,
    onFinished: (key, hookPhase) => setHookPhase(run, `${wave.phase} ${key}`, hookPhase),
    beforeRemoval: () => {
      report(run, `removing hooks of ${wave.phase} wave ${wave.wave}`, false);
      return run.tell();
    },
  });
  return outcome;
}

/** Waits until the wave's gates have passed or failed. */
async function settleWave(wave: Wave, run: Run) {
  for (;;) {
    // The wave itself may have brought the definition of a kind.
    if (!run.plan.dryRun && wave.gates.some(({ key }) => run.unwatched.has(key))) await claimPlanned(run);
    const outcome = waveOutcome(wave, {
      results: new Map(
        [...run.results.values()]
          .filter((line) => line.phase === wave.phase)
          .map((line) => [line.key, line.result]),
      ),
      stateOf: (key) => {
        const object = liveOf(key, run);
        return {
          exists: object !== undefined,
          health: object === undefined ? undefined : run.assess(object),
        };
      },
    });
    if (run.plan.dryRun && outcome.status === "running") return { status: "done" } as const;
    if (outcome.status !== "running") return outcome;
    report(run, outcome.message, true);
    await awaitChange(run.live, new Set(outcome.awaited), run);
  }
}

function report(run: Run, message: string, waiting: boolean): void {
  run.onProgress({ message, waiting, results: [...run.results.values()] });
}

async function runAction(action: Action, wave: Wave, run: Run): Promise<void> {
  const version = versionOf(action.key, run);
  try {
    const result = await carryOut(action, run);
    const hookPhase =
      action.verb === "apply" && action.hook !== undefined ? { hookPhase: "Running" as const } : {};
    if (result !== undefined) put(run, wave.phase, { key: action.key, version, result, ...hookPhase });
  } catch (error) {
    if (isAbortError(error) || !isMooringError(error) || error.retry === "bug") throw error;
    const result: ResourceResult = { code: "SyncFailed", message: messageOf(error) };
    put(run, wave.phase, { key: action.key, version, result });
  }
}

async function carryOut(action: Action, run: Run): Promise<ResourceResult | undefined> {
  switch (action.verb) {
    case "apply":
      return applyOne(action, run);
    case "prune":
      return pruneOne(action, run);
    case "skip":
      return skipResult(action);
    default:
      throw new Error(`unhandled action: ${JSON.stringify(action satisfies never)}`);
  }
}

async function applyOne(action: ApplyAction, run: Run): Promise<ResourceResult> {
  const { live, clock, plan, signal } = run;
  const before = live.get(action.key);
  run.onBegun(action.key);
  const applied = await applyObject(action, {
    cluster: live.cluster,
    clock,
    dryRun: plan.dryRun,
    live: before,
    signal,
    shutdown: run.shutdown,
  });
  if (!plan.dryRun) {
    live.observe(applied);
    if (run.unwatched.has(action.key)) run.applied.set(action.key, applied);
    run.onApplied(action.key, applied);
  }
  // The answer of a dry run has the version of what lives.
  const dryRunVerb = before === undefined ? "created" : "configured";
  const verb = plan.dryRun ? dryRunVerb : verbOf(before, applied);
  return { code: "Synced", message: `${nameOf(action.key)} ${verb}${plan.dryRun ? " (dry run)" : ""}` };
}

/** What an apply did, in kubectl's words; what was deleted and created again is created. */
function verbOf(before: KubeObject | undefined, after: KubeObject): string {
  if (before === undefined || before.metadata.uid !== after.metadata.uid) return "created";
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? "unchanged" : "configured";
}

async function pruneOne(action: PruneAction, run: Run): Promise<ResourceResult> {
  const { live, plan, signal } = run;
  const { group, kind, namespace, name } = parseObjectKey(action.key);
  const type = (await live.cluster.discover(signal)).typeOf(group, kind);
  if (type !== undefined) {
    await removeObject(
      {
        ref: { type, namespace: type.namespaced ? namespace : "", name },
        uid: action.uid,
        resourceVersion: action.resourceVersion,
        isOurs: run.isOurs,
        propagation: action.propagation,
        dryRun: plan.dryRun,
      },
      { cluster: live.cluster, signal },
    );
  }
  return {
    code: "Pruned",
    message: plan.dryRun ? `${operationMessages.pruned} (dry run)` : operationMessages.pruned,
  };
}

/** `deployment.apps/web`, as kubectl names it. */
function nameOf(key: ObjectKey): string {
  const { group, kind, name } = parseObjectKey(key);
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${name}`;
}
