import type { Directory } from "../../world/git-content.ts";
import type { AppModel } from "../apps.ts";
import type { GitObject } from "../objects.ts";
import { drawObject } from "../objects.ts";
import type { Act, Stage } from "./stage.ts";
import { pickApp } from "./stage.ts";

/** What people commit. */
export const gitActs = {
  commit: (stage) => {
    const app = pickApp(stage);
    if (app === undefined) return;
    const before = app.content.directory(app.branch, app.path);
    // Whoever emptied it by mistake puts back what was there.
    if (before.size === 0) return;
    commitTo(stage, app, changeDirectory(stage, app, before));
  },
  "empty-files": (stage) => {
    const app = pickApp(stage);
    if (app === undefined) return;
    const before = app.content.directory(app.branch, app.path);
    if (before.size === 0) return;
    commitTo(stage, app, new Map());
    // Somebody notices.
    stage.world.clock.after(stage.random.between(5_000, 180_000), () => {
      const isEmpty = app.content.directory(app.branch, app.path).size === 0;
      if (!stage.isCalm() && isEmpty) commitTo(stage, app, before);
    });
  },
  "break-files": (stage) => {
    const app = pickApp(stage);
    if (app === undefined) return;
    const before = app.content.directory(app.branch, app.path);
    if (before.size === 0) return;
    commitTo(stage, app, new Map([...before, ["broken", "broken"]]));
    // Somebody notices.
    stage.world.clock.after(stage.random.between(5_000, 90_000), () => {
      if (stage.isCalm()) return;
      const now = new Map(app.content.directory(app.branch, app.path));
      if (now.delete("broken")) commitTo(stage, app, now);
    });
  },
} as const satisfies Readonly<Record<string, Act>>;

/** Every directory that has objects has this one, so that nothing renders to nothing but by the mistake of emptying it. */
export function pinned(stage: Stage): GitObject {
  return {
    kind: "ConfigMap",
    name: `pinned-${stage.random.int(1_000_000)}`,
    version: stage.nextVersion(),
    wave: 0,
    hook: undefined,
    isBroken: false,
  };
}

/** What a directory has at first. */
export function fillDirectory(stage: Stage, app: AppModel): void {
  if (app.content.directory(app.branch, app.path).size > 0) return;
  commitTo(stage, app, changeDirectory(stage, app, new Map([["pinned", pinned(stage)]])));
}

function changeDirectory(stage: Stage, app: AppModel, before: Directory): Directory {
  const { random } = stage;
  const after = new Map(before);
  for (let changes = random.between(1, 4); changes > 0; changes -= 1) {
    const slot = `o${random.int(6)}`;
    const known = after.get(slot);
    if (known === undefined || known === "broken") {
      after.set(slot, drawObject(random, `${app.name}-${slot}`, stage.nextVersion()));
    } else if (random.chance(0.3)) after.delete(slot);
    else after.set(slot, { ...known, version: stage.nextVersion(), isBroken: false });
  }
  return after;
}

function commitTo(stage: Stage, { content, branch, path, name }: AppModel, to: Directory): void {
  const commit = content.commit(branch, path, { to, timeMs: stage.world.clock.now() });
  const objects = [...to].map(([slot, object]) =>
    object === "broken" ? slot : `${slot}=${object.kind}@${object.version}`,
  );
  stage.note(`commit ${commit.id.slice(0, 7)} to ${branch} of ${name}: ${objects.join(" ")}`);
}
