import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import type { OperationPhase, SyncPlan, Wave } from "#core/sync/index.ts";
import {
  advance,
  awaitedConfirmations,
  formatConfirmation,
  formatWait,
  nextWave,
  startProgress,
  waveOutcome,
} from "#core/sync/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { mapLimit } from "#runtime/limit.ts";
import { awaitChange } from "./await-change.ts";
import { gateStateOf, prunedUids } from "./gate-state.ts";
import { finishHooks } from "./finish-hooks.ts";
import type { ActionResult, Results, Run, RunOptions } from "./plan-run.ts";
import { lineOf, put, report, reportWait, skipResult, versionOf } from "./plan-run.ts";
import { runAction } from "./run-action.ts";
import { cleanUp, endHooks, finishOf } from "./run-hooks.ts";

export interface RunOutcome {
  readonly phase: OperationPhase;
  readonly message: string;
  readonly results: readonly ActionResult[];
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

async function runWaves(run: Run): Promise<RunOutcome> {
  let progress = startProgress;
  for (;;) {
    const step = nextWave(run.plan, progress);
    if (step.do === "finish") {
      await cleanUp(run, step.phase !== "Succeeded");
      return { phase: step.phase, message: step.message, results: [...run.results.values()] };
    }
    if (step.index > 0) await delayWave(step.wave, run);
    if (step.wave.step === "prune") await awaitConfirmation(run);
    const outcome = await runWave(step.wave, run);
    progress = advance(progress, step.index, outcome);
  }
}

/** For controllers outside that need a moment to notice what was applied. */
async function delayWave({ phase, wave }: Wave, run: Run): Promise<void> {
  if (run.waveDelayMs === 0 || run.plan.dryRun) return;
  report(run, `waiting ${run.waveDelayMs / 1_000} s before ${phase} wave ${wave}`, true);
  await run.clock.sleep(run.waveDelayMs, run.signal);
}

/** Nothing is pruned while something waits for somebody's approval. */
async function awaitConfirmation(run: Run): Promise<void> {
  const keys = awaitedConfirmations(run.plan);
  const { isGiven, given, howTo } = run.confirmation;
  if (keys.length === 0 || run.plan.dryRun || isGiven()) return;
  reportWait(run, formatConfirmation(keys, howTo), run.clock.now());
  await given();
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

async function runWave(wave: Wave, run: Run) {
  for (const group of wave.groups) {
    run.signal.throwIfAborted();
    const message = `running ${wave.phase} wave ${wave.wave}: ${formatGroup(group)}`;
    report(run, formatWait({ message, since: formatTime(run.clock.now()), wayOut: run.wayOut }), false);
    await run.slot(() => mapLimit(group.actions, run.concurrency, (action) => runAction(action, wave, run)));
  }
  const outcome = await settleWave(wave, run);
  if (run.plan.dryRun) return outcome;
  await finishHooks(wave, finishOf(run, wave.phase));
  return outcome;
}

/** `ConfigMap/shop/a and 2 more`. */
function formatGroup({ actions }: Wave["groups"][number]): string {
  const [first, ...others] = actions;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return first === undefined ? "nothing" : `${formatObjectKey(first.key)}${more}`;
}

/** Waits until the wave's gates have passed or failed. */
async function settleWave(wave: Wave, run: Run) {
  const sinceMs = run.clock.now();
  const pruned = prunedUids(wave);
  for (;;) {
    // The wave itself may have brought the definition of a kind.
    if (!run.plan.dryRun && wave.gates.some(({ key }) => run.unwatched.has(key))) await claimPlanned(run);
    const seen = await learnHealth(wave, run);
    const outcome = waveOutcome(wave, {
      results: new Map(
        [...run.results.values()]
          .filter((line) => line.phase === wave.phase)
          .map((line) => [line.key, line.result]),
      ),
      stateOf: (key) => gateStateOf(liveOf(key, run), { prunedUid: pruned.get(key), assess: run.assess }),
    });
    if (run.plan.dryRun && outcome.status === "running") return { status: "done" } as const;
    if (outcome.status !== "running") return outcome;
    reportWait(run, outcome.message + formatPlace(wave, run.plan), sinceMs);
    const isMissed = outcome.awaited.some((key) => seen.has(key) && seen.get(key) !== versionIn(run, key));
    if (!isMissed) await awaitChange(run.live, new Set(outcome.awaited), run);
  }
}

/** How far a sync is that has more than one step. */
function formatPlace(wave: Wave, { waves }: SyncPlan): string {
  if (waves.length < 2) return "";
  const what = wave.step === "prune" ? "pruning" : wave.phase;
  return ` in ${what} wave ${wave.wave}, step ${waves.indexOf(wave) + 1} of ${waves.length}`;
}

/** Lets scripts say how healthy a wave's gates are; the versions that they saw. What changed meanwhile is to be looked at again. */
async function learnHealth(wave: Wave, run: Run): Promise<ReadonlyMap<ObjectKey, string | undefined>> {
  const objects = wave.gates.map(({ key }) => liveOf(key, run)).filter((object) => object !== undefined);
  const seen = new Map(wave.gates.map(({ key }) => [key, versionIn(run, key)]));
  if (!run.plan.dryRun) await run.learnHealth(objects, run.signal);
  return seen;
}

function versionIn(run: Run, key: ObjectKey): string | undefined {
  return liveOf(key, run)?.metadata.resourceVersion;
}
