import { parseHold } from "#core/rollback/index.ts";
import { findDifferences, findUnsettled } from "./checks/find-unsettled.ts";
import type { Judge } from "./checks/judge.ts";
import { isSyncedAlone, until } from "./settle.ts";
import type { Stage } from "./workload/acts/index.ts";
import { readApplication } from "./workload/acts/index.ts";
import type { AppModel } from "./workload/apps.ts";
import type { Directory } from "./world/git-content.ts";

/**
 * A commit that never becomes healthy, to each Application that asks to be rolled back: it ends on what it had before, and with the next good
 * commit the hold is gone.
 */
export async function tryRollbacks(stage: Stage, judge: Judge): Promise<void> {
  const apps = [...stage.apps.values()].filter(
    // What depends on one that goes back is not synced at all, and what needs approval waits for somebody.
    (app) => app.goesBack && isSyncedAlone(app) && app.approval === undefined && app.dependsOn.length === 0,
  );
  const good = new Map(apps.map((app) => [app, app.content.directory(app.branch, app.path)]));
  for (const [app, directory] of good) commit(stage, app, spoiled(stage, app, directory));
  await until(stage, judge, () =>
    [...good].flatMap(([app, directory]) => notBack(app, directory, { stage, judge })),
  );
  if (judge.findings.length > 0) return;
  for (const [app, directory] of good) commit(stage, app, bettered(stage, directory));
  await until(stage, judge, () => findUnsettled(stage, judge).map((one) => `after a rollback: ${one}`));
}

function commit(stage: Stage, { content, branch, path, name }: AppModel, to: Directory): void {
  const made = content.commit(branch, path, { to, timeMs: stage.world.clock.now() });
  stage.note(`commit ${made.id.slice(0, 7)} to ${branch} of ${name}`);
}

function spoiled(stage: Stage, { name }: AppModel, directory: Directory): Directory {
  const version = stage.nextVersion();
  const object = { kind: "Deployment", name: `${name}-bad`, version, wave: 0, hook: undefined } as const;
  return new Map([...bettered(stage, directory), ["bad", { ...object, isBroken: true }]]);
}

/** The same with something new. */
function bettered(stage: Stage, directory: Directory): Directory {
  const pinned = directory.get("pinned");
  if (pinned === undefined || pinned === "broken") throw new Error("a directory keeps its first object");
  return new Map([...directory, ["pinned", { ...pinned, version: stage.nextVersion() }]]);
}

function notBack(
  app: AppModel,
  directory: Directory,
  at: { readonly stage: Stage; readonly judge: Judge },
): readonly string[] {
  const object = readApplication(at.stage, app.name);
  const { state, failure = "" } = parseHold(object?.metadata.annotations) ?? {};
  const { health, sync, operationState } = object?.status ?? {};
  const said = `hold ${state ?? "none"} ${failure}, sync ${sync?.status}, health ${health?.status}, operation ${operationState?.phase}`;
  const isBack = state === "done" && sync?.status === "OutOfSync" && health?.status === "Healthy";
  return [
    ...(isBack ? [] : [`${app.name} does not go back: ${said} (${operationState?.message})`]),
    ...findDifferences(app, directory, at).map((one) => `does not go back: ${one}`),
  ];
}
