import type { Random } from "./random.ts";
import type { Stage } from "./workload/acts/index.ts";
import { startLater } from "./workload/acts/index.ts";
import type { AppModel } from "./workload/apps.ts";
import type { SimulatedController } from "./world/controller.ts";
import type { World } from "./world/world.ts";

export interface StageSettings {
  readonly world: World;
  readonly random: Random;
  readonly models: Map<string, AppModel[]>;
  readonly deaths: Deaths;
  readonly isCalm: () => boolean;
  readonly trace: (text: string) => void;
}

export function createStage({ world, random, models, deaths, isCalm, trace }: StageSettings): Stage {
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
    isCalm,
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
export class Deaths {
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
