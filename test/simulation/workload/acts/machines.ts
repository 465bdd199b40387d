import type { SimulatedController } from "../../world/controller.ts";
import type { Act, Stage } from "./stage.ts";
import { pickServer } from "./stage.ts";

/** What happens to the machines that controllers run on. */
export const machineActs = {
  kill: (stage) => {
    const controller = pickController(stage);
    if (controller === undefined) return;
    stage.note(`kill ${controller.name}`);
    stage.world.killController(controller);
    startLater(stage, stage.random.between(0, 40_000));
  },
  "kill-at-write": (stage) => {
    const controller = pickController(stage);
    if (controller === undefined) return;
    const writes = stage.random.between(1, 12);
    stage.note(`kill ${controller.name} after ${writes} writes`);
    stage.killAtWrite(controller, { writes, downMs: stage.random.between(0, 40_000) });
  },
  "second-controller": (stage) => {
    if (stage.world.controllers.length > 1) return;
    const alone = stage.random.chance(0.5);
    const second = stage.world.startController(alone);
    stage.note(`start ${second.name}${alone ? ", which believes that it leads" : ""}`);
    stage.world.clock.after(stage.random.between(20_000, 90_000), () => {
      if (!stage.world.controllers.includes(second)) return;
      stage.note(`kill ${second.name}`);
      stage.world.killController(second);
      startLater(stage, 0);
    });
  },
  "jump-clock": (stage) => {
    const controller = pickController(stage);
    const wrongMs = stage.random.between(-maxWrongMs, maxWrongMs);
    if (controller === undefined) return;
    const ms = stage.world.clock.now() + wrongMs - controller.clock.now();
    stage.note(`the clock of ${controller.name} jumps by ${ms} ms`);
    controller.clock.jump(ms);
  },
  "cut-off": (stage) => {
    const { url } = pickServer(stage);
    const ms = stage.random.between(2_000, 60_000);
    stage.note(`${url} cannot be reached for ${ms} ms`);
    stage.world.takeDown(url, stage.world.clock.now() + ms);
  },
} as const satisfies Readonly<Record<string, Act>>;

/** A clock further ahead would take every approval, which people give for ten minutes, for expired. */
const maxWrongMs = 8 * 60_000;

export function startLater(stage: Stage, ms: number): void {
  stage.world.clock.after(ms, () => {
    if (stage.world.controllers.length > 0) return;
    stage.note(`start ${stage.world.startController(false).name}`);
  });
}

function pickController({ world, random }: Stage): SimulatedController | undefined {
  return world.controllers.length === 0 ? undefined : random.pick(world.controllers);
}
