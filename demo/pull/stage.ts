import path from "node:path";
import { inBackground } from "../commands.ts";
import { dim, heading, print } from "../print.ts";
import type { HelloRepository } from "../repository.ts";
import { createHelloRepository } from "../repository.ts";
import type { Ui, World } from "../world.ts";
import type { Observer } from "./observer.ts";
import { startObserver } from "./observer.ts";

/** A world with Mooring in it, a repository, and eyes on what happens. */
export interface Stage extends World {
  readonly ui: Ui;
  readonly repository: HelloRepository;
  readonly observer: Observer;
}

export async function openStage(world: World, image = "nginx:latest"): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const { directory } = world;
  const ui = await world.startMooring();
  const observer = stack.use(startObserver(world.cluster, world.signal));
  heading("A repository");
  const repository = await createHelloRepository(
    path.join(directory, "hello-world"),
    inBackground(world, "app get hello-world --refresh"),
  );
  const id = await repository.commit({ replicas: 2, image }, "Say hello");
  print(`${repository.directory}: commit ${id} holds deployment.yaml, 2 replicas of ${image}.`);
  print(
    dim(
      "A directory on this machine has no webhook. A hook runs `mooring app get hello-world --refresh`\n" +
        "instead; without it the controller would notice a commit when it next asks, every three minutes or less.",
    ),
  );
  const owned = stack.move();
  return { ...world, ui, repository, observer, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
