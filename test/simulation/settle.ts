import { findUnsettled } from "./checks/find-unsettled.ts";
import type { Judge } from "./checks/judge.ts";
import type { Stage } from "./workload/acts/index.ts";
import {
  approve,
  awaitsApproval,
  correctDependencies,
  pinned,
  readApplication,
  requestSync,
} from "./workload/acts/index.ts";
import type { AppModel } from "./workload/apps.ts";

/** Retries, backoff of self-heals and silent watches one after the other take no longer, nor does a clock that leaps back twice. */
const settleDeadlineMs = 20 * 60_000;
const settlePollMs = 10_000;
/** By then what was under way when things last went wrong has ended. */
const calmMs = 150_000;
/** By then a controller that has just started leads and has looked at everything. */
const takeOverMs = 60_000;
/** So long nothing may be written once all is well: longer than it takes until everything is looked at again. */
const restMs = 190_000;

/** Git is made whole, one controller runs, and those who sync by hand do it. */
export async function mend(stage: Stage): Promise<void> {
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
    if (to.size === 0) to.set("pinned", pinned(stage));
    const last = [...to].find(([slot]) => slot === "pinned");
    if (last !== undefined) to.set("pinned", { ...last[1], version: stage.nextVersion() });
    const commit = content.commit(branch, path, { to, timeMs: world.clock.now() });
    stage.note(`commit ${commit.id.slice(0, 7)} to ${branch} of ${app.name}: mended`);
  }
  void correctDependencies(stage);
}

/** Those that nobody syncs by hand. */
export function isSyncedAlone({ automated }: AppModel): boolean {
  return automated?.prune === true && automated.selfHeal;
}

/** Another sync that was approved meanwhile may have taken the place of the one that was asked for. */
function isAskedAgain({ approval }: AppModel): boolean {
  return approval !== undefined;
}

/** As a patient person does, who waits until nothing is under way and asks once. */
function requestWhenIdle(stage: Stage, app: AppModel): boolean {
  const object = readApplication(stage, app.name);
  if (object === undefined || object.operation !== undefined) return false;
  if (["Running", "Terminating"].includes(object.status?.operationState?.phase ?? "")) return false;
  if (isAskedAgain(app) && (awaitsApproval(app, object) || object.status?.sync?.status === "Synced"))
    return false;
  void requestSync(stage, "", app);
  return true;
}

export async function settle(stage: Stage, judge: Judge): Promise<number> {
  const { clock } = stage.world;
  const beganMs = clock.now();
  const waiting = new Set([...stage.apps.values()].filter((app) => !isSyncedAlone(app)));
  for (;;) {
    const asked = clock.now() - beganMs < calmMs ? [] : [...waiting];
    for (const app of asked.filter((one) => requestWhenIdle(stage, one))) {
      if (!isAskedAgain(app)) waiting.delete(app);
    }
    for (const app of stage.apps.values()) void approve(stage, app, "newest");
    await clock.run(clock.now() + settlePollMs);
    const isWatched = stage.world.controllers.length > 0;
    const unsettled = [...(isWatched ? [] : ["no controller runs"]), ...findUnsettled(stage, judge)];
    const tookMs = clock.now() - beganMs;
    if (unsettled.length > 0 && tookMs < settleDeadlineMs && judge.findings.length === 0) continue;
    for (const problem of unsettled) judge.onFailure(`does not settle: ${problem}`);
    return tookMs;
  }
}

/** Waits until nothing is wrong any more; what still is after a while is a finding. */
export async function until(stage: Stage, judge: Judge, find: () => readonly string[]): Promise<void> {
  const { clock } = stage.world;
  const endMs = clock.now() + settleDeadlineMs;
  let wrong = find();
  while (wrong.length > 0 && clock.now() < endMs && judge.findings.length === 0) {
    await clock.run(clock.now() + settlePollMs);
    wrong = find();
  }
  for (const problem of wrong) judge.onFailure(problem);
}

/** Once all is well, nothing is written any more. */
export async function rest(stage: Stage, judge: Judge): Promise<void> {
  const { clock } = stage.world;
  await clock.run(clock.now() + takeOverMs);
  const before = judge.writes;
  await clock.run(clock.now() + restMs);
  if (judge.writes > before) judge.onFailure(`writes at rest: ${judge.writes - before}`);
  for (const problem of findUnsettled(stage, judge)) judge.onFailure(`does not stay settled: ${problem}`);
}
