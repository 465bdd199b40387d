import type { Application } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { findUnsettled } from "./checks/find-unsettled.ts";
import { Judge } from "./checks/judge.ts";
import type { FaultKind } from "./faults.ts";
import { createFaults } from "./faults.ts";
import type { Random } from "./random.ts";
import { createRandom } from "./random.ts";
import { createVirtualClock } from "./time/virtual-clock.ts";
import type { Stage } from "./workload/acts/index.ts";
import { createApp, perform, readStored, requestSync, startLater } from "./workload/acts/index.ts";
import type { AppModel } from "./workload/apps.ts";
import { drawApp } from "./workload/apps.ts";
import type { Step } from "./workload/steps.ts";
import { drawSteps } from "./workload/steps.ts";
import type { SimulatedController } from "./world/controller.ts";
import type { World } from "./world/world.ts";
import { createWorld, describe } from "./world/world.ts";

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
/** So long people and faults do what they do. */
const stormMs = 5 * 60_000;
/** Retries, backoff of self-heals and silent watches one after the other take no longer. */
const settleDeadlineMs = 15 * 60_000;
const settlePollMs = 10_000;
/** By then what was under way when things last went wrong has ended. */
const calmMs = 150_000;
/** So long nothing may be written once all is well: longer than it takes until everything is looked at again. */
const restMs = 190_000;

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
  const stage = createStage({ world, random: random.fork("stage"), models, deaths, trace });
  await play(stage, options, judge);
  faults.end();
  trace("from now on nothing goes wrong");
  await mend(stage);
  const settledMs = await settle(stage, judge);
  return { seed: options.seed, findings: judge.findings, settledMs, writes: judge.writes };
}

interface StageSettings {
  readonly world: World;
  readonly random: Random;
  readonly models: Map<string, AppModel[]>;
  readonly deaths: Deaths;
  readonly trace: (text: string) => void;
}

function createStage({ world, random, models, deaths, trace }: StageSettings): Stage {
  let version = 0;
  const apps = new RememberingMap(models);
  const stage: Stage = {
    world,
    apps,
    random,
    nextVersion: () => (version += 1),
    killAtWrite: (controller, { writes, downMs }) => {
      deaths.add(controller, writes, () => {
        if (!world.controllers.includes(controller)) return;
        trace(`${controller.name} dies`);
        world.killController(controller);
        startLater(stage, downMs);
      });
    },
    note: trace,
  };
  return stage;
}

/** Applications as they are wanted; what they were before is kept elsewhere. */
class RememberingMap extends Map<string, AppModel> {
  readonly #models: Map<string, AppModel[]>;

  constructor(models: Map<string, AppModel[]>) {
    super();
    this.#models = models;
  }

  override set(name: string, app: AppModel): this {
    this.#models.set(name, [...(this.#models.get(name) ?? []), app]);
    return super.set(name, app);
  }
}

/** Controllers that are to die when they have written so much more. */
class Deaths {
  readonly #waiting = new Map<string, { left: number; readonly die: () => void }>();

  add({ name }: SimulatedController, writes: number, die: () => void): void {
    this.#waiting.set(name, { left: writes, die });
  }

  note(controller: string): void {
    const death = this.#waiting.get(controller);
    if (death === undefined) return;
    death.left -= 1;
    if (death.left > 0) return;
    this.#waiting.delete(controller);
    death.die();
  }
}

async function play(stage: Stage, options: RunOptions, judge: Judge): Promise<void> {
  const { world, random } = stage;
  const count = random.between(1, 4);
  stage.note(`start ${world.startController(false).name}`);
  for (let i = 0; i < count; i += 1) {
    const drawn = { ...stage, random: random.fork(`app ${i}`) };
    const app = drawApp(drawn.random, `app-${i}`, {
      contents: world.contents,
      hasTarget: world.servers.size > 1,
    });
    act(() => createApp(drawn, app), stage, judge);
  }
  for (const step of drawSteps(random.fork("steps"), options.steps, stormMs)) {
    if (options.only?.has(step.number) === false) continue;
    world.clock.after(step.atMs, () => performStep(step, stage, judge));
  }
  await world.clock.run(startMs + stormMs);
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

/** Git is made whole, one controller runs, and those who sync by hand do it. */
async function mend(stage: Stage): Promise<void> {
  const { world } = stage;
  const [first, ...others] = world.controllers;
  for (const controller of others) world.killController(controller);
  if (first === undefined) stage.note(`start ${world.startController(false).name}`);
  for (const app of stage.apps.values()) {
    const { content, branch, path } = app;
    const to = new Map(
      [...content.directory(branch, path)].flatMap(([slot, object]) => {
        if (object === "broken") return [];
        const mended = object.isBroken
          ? { ...object, isBroken: false, version: stage.nextVersion() }
          : object;
        return [[slot, mended] as const];
      }),
    );
    const last = [...to].find(([slot]) => slot === "pinned");
    if (last !== undefined) to.set("pinned", { ...last[1], version: stage.nextVersion() });
    const commit = content.commit(branch, path, { to, timeMs: world.clock.now() });
    stage.note(`commit ${commit.id.slice(0, 7)} to ${branch} of ${app.name}: mended`);
  }
}

/** Those that nobody syncs by hand. */
function isSyncedAlone({ automated }: AppModel): boolean {
  return automated?.prune === true && automated.selfHeal;
}

/** As a patient person does, who waits until nothing is under way and asks once. */
function requestWhenIdle(stage: Stage, app: AppModel): boolean {
  const object = readStored(stage, "argoproj.io/applications", app.name) as Application | undefined;
  if (object === undefined || object.operation !== undefined) return false;
  if (["Running", "Terminating"].includes(object.status?.operationState?.phase ?? "")) return false;
  void requestSync(stage, "", app);
  return true;
}

async function settle(stage: Stage, judge: Judge): Promise<number> {
  const { clock } = stage.world;
  const beganMs = clock.now();
  const waiting = new Set([...stage.apps.values()].filter((app) => !isSyncedAlone(app)));
  for (;;) {
    if (clock.now() - beganMs >= calmMs) {
      for (const app of waiting) if (requestWhenIdle(stage, app)) waiting.delete(app);
    }
    await clock.run(clock.now() + settlePollMs);
    const unsettled = findUnsettled(stage, judge);
    const tookMs = clock.now() - beganMs;
    if (unsettled.length > 0 && tookMs < settleDeadlineMs && judge.findings.length === 0) continue;
    for (const problem of unsettled) judge.onFailure(`does not settle: ${problem}`);
    if (judge.findings.length === 0) await rest(stage, judge);
    return tookMs;
  }
}

/** Once all is well, nothing is written any more. */
async function rest(stage: Stage, judge: Judge): Promise<void> {
  const { clock } = stage.world;
  await clock.run(clock.now() + 30_000);
  const before = judge.writes;
  await clock.run(clock.now() + restMs);
  if (judge.writes > before) judge.onFailure(`writes at rest: ${judge.writes - before}`);
  for (const problem of findUnsettled(stage, judge)) judge.onFailure(`does not stay settled: ${problem}`);
}
