import { isMooringError } from "#core/errors/index.ts";
import type { SyncPhase, SyncPlan, Wave } from "#core/sync/index.ts";
import type { WaveFinish } from "./finish-hooks.ts";
import { cleanHooks, endRunningHooks } from "./finish-hooks.ts";
import type { ActionResult, Run } from "./plan-run.ts";
import { report, setHookPhase } from "./plan-run.ts";

/** A cluster that does not answer must not keep an operation from ending. */
const endHooksMs = 5_000;

/** A hook that goes on after its sync was ended would change things that nobody waits for any more. */
export async function endHooks(run: Run): Promise<void> {
  if (run.plan.dryRun) return;
  const deadline = new AbortController();
  using _timer = run.clock.after(endHooksMs, () => deadline.abort());
  const signal = AbortSignal.any([run.shutdown, deadline.signal]);
  try {
    await endStarted(run, signal);
  } catch (error) {
    if (run.shutdown.aborted || !(deadline.signal.aborted || isMooringError(error))) throw error;
    const reason = isMooringError(error)
      ? error.message
      : `the cluster does not answer within ${endHooksMs / 1_000} s`;
    for (const [line, result] of run.results)
      if (result.hookPhase === "Running") run.results.set(line, stillRunning(result, reason));
  }
  report(run, "ending", true);
}

function stillRunning(line: ActionResult, reason: string): ActionResult {
  const message = `${line.result.message}; could not be removed: ${reason}; it may still run, delete it by hand`;
  return { ...line, result: { ...line.result, message } };
}

async function endStarted(run: Run, signal: AbortSignal): Promise<void> {
  const started = run.plan.waves.filter((wave) =>
    wave.groups.some((group) => group.actions.some(({ key }) => run.results.has(`${wave.phase} ${key}`))),
  );
  for (const wave of started) {
    // The Application says in any case that the operation is ended.
    const beforeRelease = async () => undefined;
    const finish = { ...finishOf(run, wave.phase), beforeRelease, signal };
    await endRunningHooks([wave], finish);
    await cleanHooks([wave], { ...finish, failed: true });
  }
}

/** What the hooks of the operation leave, once it has ended. */
export async function cleanUp(run: Run, failed: boolean): Promise<void> {
  if (run.plan.dryRun) return;
  for (const { waves, phase } of wavesByPhase(run.plan)) {
    await cleanHooks(waves, { ...finishOf(run, phase), failed });
  }
}

function wavesByPhase({
  waves,
}: SyncPlan): readonly { readonly phase: SyncPhase; readonly waves: readonly Wave[] }[] {
  return Map.groupBy(waves, ({ phase }) => phase)
    .entries()
    .map(([phase, of]) => ({ phase, waves: of }))
    .toArray();
}

export function finishOf(run: Run, phase: SyncPhase): WaveFinish {
  return {
    live: run.live,
    signal: run.signal,
    assess: run.assess,
    phaseOf: (key) => run.results.get(`${phase} ${key}`)?.hookPhase,
    onFinished: (key, hookPhase, why) => setHookPhase(run, `${phase} ${key}`, { hookPhase, why }),
    beforeRelease: () => {
      report(run, `letting go of the ${phase} hooks`, false);
      return run.tell();
    },
  };
}
