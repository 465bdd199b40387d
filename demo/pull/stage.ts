import path from "node:path";
import { projectRoot } from "../commands.ts";
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

export async function openStage(world: World): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const { kubeconfigPath, directory } = world;
  const ui = await world.startMooring();
  const observer = stack.use(startObserver(world.cluster, world.signal));
  heading("A repository");
  const repository = await createHelloRepository(
    path.join(directory, "hello-world"),
    `KUBECONFIG='${kubeconfigPath}' '${projectRoot}/bin/mooring' app get hello-world --refresh >/dev/null 2>&1 &`,
  );
  const id = await repository.commit({ replicas: 2, image: "nginx:latest" }, "Say hello");
  print(`${repository.directory}: commit ${id} holds deployment.yaml, 2 replicas of nginx:latest.`);
  print(
    dim(
      "A directory on this machine has no webhook. Its post-commit hook runs `mooring app get hello-world --refresh`\n" +
        "instead; without it the controller would notice a commit when it next asks, every three minutes or less.",
    ),
  );
  const owned = stack.move();
  return { ...world, ui, repository, observer, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
