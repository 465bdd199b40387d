import { isMooringError } from "#core/errors/index.ts";
import { Judge } from "./checks/judge.ts";
import { simulatedWindow } from "./checks/window-check.ts";
import { createStage, Deaths } from "./create-stage.ts";
import type { FaultKind } from "./faults.ts";
import { createFaults } from "./faults.ts";
import { createRandom } from "./random.ts";
import { tryRollbacks } from "./try-rollbacks.ts";
import { mend, rest, settle } from "./settle.ts";
import { createVirtualClock } from "./time/virtual-clock.ts";
import type { Stage } from "./workload/acts/index.ts";
import { createApp, perform, setWindows } from "./workload/acts/index.ts";
import type { AppModel } from "./workload/apps.ts";
import { drawApp } from "./workload/apps.ts";
import type { Step } from "./workload/steps.ts";
import { drawSteps } from "./workload/steps.ts";
import type { World } from "./world/world.ts";
import { createWorld, describe } from "./world/world.ts";

/** Going back takes as long as everything before: one seed of so many ends with it. */
const triedSeeds = 4;
/** One of so many waits for longer than it takes until everything is looked at again. */
const restedSeeds = 2;

export interface RunOptions {
  readonly seed: number;
  /** How many things are done while everything may go wrong. */
  readonly steps: number;
  /** Numbers of the steps that are done; all unless told. */
  readonly only?: ReadonlySet<number>;
  readonly without?: ReadonlySet<FaultKind>;
  /** Told of everything that happens, with the time since the beginning in milliseconds. */
  readonly trace?: (atMs: number, text: string) => void;
}

export interface Verdict {
  readonly seed: number;
  /** What must not have happened, or has not come to be; nothing when all is well. */
  readonly findings: readonly string[];
  /** How long it took to settle once nothing went wrong any more, in milliseconds of the simulation. */
  readonly settledMs: number;
  readonly writes: number;
}

const startMs = Date.UTC(2026, 0, 1);
/** So long people and faults do what they do, for each step. */
const stepMs = 12_000;

/** Plays one simulation to its end. The same options give the same verdict. */
export async function runSeed(options: RunOptions): Promise<Verdict> {
  const random = createRandom(`${options.seed}`);
  const clock = createVirtualClock(startMs);
  const trace = (text: string): void => options.trace?.(clock.now() - startMs, text);
  const faults = createFaults({ random: random.fork("faults"), without: options.without ?? new Set() });
  const models = new Map<string, AppModel[]>();
  const deaths = new Deaths();
  const created: { world?: World } = {};
  const judge = new Judge({
    clock,
    world: () => {
      if (created.world === undefined) throw new Error("there is no world yet");
      return created.world;
    },
    models,
    onWrite: (controller) => deaths.note(controller),
    note: trace,
  });
  await using world = await createWorld({
    clock,
    random,
    faults,
    witness: judge,
    repositoryCount: random.between(1, 2),
    hasTarget: random.chance(0.4),
  });
  created.world = world;
  const stage = createStage({
    world,
    random: random.fork("stage"),
    models,
    deaths,
    isCalm: () => faults.isOver(),
    trace,
  });
  if (random.fork("windows").chance(0.3)) {
    await Promise.all([setWindows(stage, [simulatedWindow]), clock.run(startMs + 1_000)]);
    judge.windows.isSet = true;
  }
  await play(stage, options, judge);
  faults.end();
  trace("from now on nothing goes wrong");
  await mend(stage);
  const settledMs = await settle(stage, judge);
  if (options.seed % restedSeeds === 0 && judge.findings.length === 0) await rest(stage, judge);
  const isTried = options.seed % triedSeeds === 0;
  if (isTried && judge.findings.length === 0) await tryRollbacks(stage, judge);
  return { seed: options.seed, findings: judge.findings, settledMs, writes: judge.writes };
}

async function play(stage: Stage, options: RunOptions, judge: Judge): Promise<void> {
  const { world, random } = stage;
  const count = random.between(1, 4);
  // The world may have been prepared for a while.
  const stormMs = options.steps * stepMs;
  const endMs = world.clock.now() + stormMs;
  stage.note(`start ${world.startController(false).name}`);
  for (let i = 0; i < count; i += 1) {
    const drawn = { ...stage, random: random.fork(`app ${i}`) };
    const app = drawApp(drawn.random, `app-${i}`, {
      contents: world.contents,
      hasTarget: world.servers.size > 1,
      others: Array.from({ length: i }, (_, other) => `app-${other}`),
    });
    act(() => createApp(drawn, app), stage, judge);
  }
  for (const step of drawSteps(random.fork("steps"), options.steps, stormMs)) {
    if (options.only?.has(step.number) === false) continue;
    world.clock.after(step.atMs, () => performStep(step, stage, judge));
  }
  await world.clock.run(endMs);
}

function performStep({ act: name, number }: Step, stage: Stage, judge: Judge): void {
  const random = stage.random.fork(`step ${number}`);
  stage.note(`step ${number}: ${name}`);
  act(() => perform(name, { ...stage, random }), stage, judge);
}

/** People are refused now and then: what they wanted to change has just gone. */
function act(work: () => Promise<void> | void, stage: Stage, judge: Judge): void {
  void (async () => {
    try {
      await work();
    } catch (error) {
      if (isMooringError(error)) stage.note(`refused: ${error.message}`);
      else judge.onFailure(`a step failed: ${describe(error)}`);
    }
  })();
}
