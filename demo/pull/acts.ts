import { DemoFailure } from "../commands.ts";
import type { View } from "./observer.ts";
import { helloWorld } from "./observer.ts";
import { bold, dim, green, heading, print, seconds } from "../print.ts";
import type { Hello } from "../repository.ts";
import type { Stage } from "./stage.ts";

/** An undoing that takes longer was held back on purpose. */
const backedOffMs = 1_000;

/** Settings as `kubectl scale` would change them; ours is not the name that it would leave. */
const byHand = "somebody";

const inDefault = ["--dest-server", "https://kubernetes.default.svc", "--dest-namespace", "default"];

/** The story's first act: the application exists, and what Git says runs. */
export async function createAndSync(
  { shell, repository, observer }: Stage,
  hello: Hello = { replicas: 2, image: "nginx:latest" },
): Promise<void> {
  heading("An application");
  await shell.mooring([
    "app",
    "create",
    "hello-world",
    "--repo",
    repository.url,
    "--path",
    ".",
    ...inDefault,
  ]);
  await shell.mooring(["app", "sync", "hello-world"]);
  await observer.until("hello-world: two pods ready", isRunning(hello));
  heading("From here on nobody has to ask");
  await shell.mooring(["app", "set", "hello-world", "--sync-policy", "automated", "--self-heal"]);
  await observer.until("hello-world: healthy", ({ application }) => application?.health === "Healthy");
}

/** Commits a change and waits until the cluster has it, ready. */
export async function commitAndWatch(stage: Stage, hello: Hello): Promise<void> {
  const { repository, observer } = stage;
  heading(`A commit: ${hello.replicas} replicas of ${hello.image}`);
  observer.startClock();
  const id = await repository.commit(hello, `Run ${hello.replicas} replicas of ${hello.image}`);
  print(`committed ${id}`);
  const appliedMs = await observer.until(`commit ${id}: in the cluster`, ({ deployment }) =>
    says(deployment, hello),
  );
  await observer.until(`commit ${id}: ready`, isRunning(hello));
  await observer.until(`commit ${id}: in the Application's status`, isSettled(id));
  observer.stopClock();
  print(green(`git commit → in the cluster: ${bold(seconds(appliedMs))}`));
}

/** Scales the Deployment as somebody with kubectl would, and waits until that is undone. */
export async function scaleByHand(stage: Stage, replicas: number): Promise<void> {
  const { cluster, observer, signal } = stage;
  const before = observer.view.deployment;
  if (before === undefined) throw new DemoFailure("hello-world: there is no Deployment to scale");
  heading(`A change by hand, as with: kubectl scale deployment hello-world --replicas ${replicas}`);
  observer.startClock();
  await cluster.mergePatch(helloWorld, { spec: { replicas } }, { fieldManager: byHand, signal });
  await observer.until("the scaled Deployment: seen", ({ deployment }) => deployment?.replicas === replicas);
  await undone(stage, before);
}

/** Deletes the Deployment and waits until it is there again. */
export async function deleteByHand(stage: Stage): Promise<void> {
  const { cluster, observer, signal } = stage;
  const before = observer.view.deployment;
  if (before === undefined) throw new DemoFailure("hello-world: there is no Deployment to delete");
  heading("A change by hand, as with: kubectl delete deployment hello-world");
  observer.startClock();
  await cluster.remove(helloWorld, { propagation: "Background", signal });
  await observer.until("the deleted Deployment: gone", ({ deployment }) => deployment?.uid !== before.uid);
  await undone(stage, before);
}

async function undone({ observer }: Stage, before: Hello): Promise<void> {
  const undoneMs = await observer.until("the change by hand: undone", ({ deployment }) =>
    says(deployment, before),
  );
  await observer.until("the Deployment: ready again", isRunning(before));
  await observer.until("the Application: synced again", isSettled());
  observer.stopClock();
  print(green(`change by hand → undone: ${bold(seconds(undoneMs))}`));
  if (undoneMs > backedOffMs) {
    print(dim("Not at once: each further change at the same commit waits longer, so that two programs that"));
    print(
      dim(
        "disagree do not fight at full speed. The first is undone at once, and so is one after a new commit.",
      ),
    );
  }
}

/** Goes back to what was deployed before; with automated syncs on, Git would win at once. */
export async function rollBack({ shell, observer }: Stage, to: Hello): Promise<void> {
  heading("A rollback, for which automated syncs are turned off");
  await shell.mooring(["app", "set", "hello-world", "--sync-policy", "none"]);
  await shell.mooring(["app", "history", "hello-world"]);
  await shell.mooring(["app", "rollback", "hello-world"]);
  await observer.until("the rollback: ready", isRunning(to));
  await shell.mooring(["app", "diff", "hello-world"], [1]);
}

export async function deleteApplication({ shell, observer }: Stage): Promise<void> {
  heading("The end: the application is deleted with what it deployed");
  await shell.mooring(["app", "delete", "hello-world", "--yes", "--wait"]);
  await observer.until("hello-world: deleted", (view) => {
    return view.application === undefined && view.deployment === undefined;
  });
}

function says(deployment: View["deployment"], hello: Hello): boolean {
  return deployment?.replicas === hello.replicas && deployment.image === hello.image;
}

/** All its pods run what it says. */
export function isRunning(hello: Hello): (view: View) => boolean {
  return ({ deployment }) => says(deployment, hello) && deployment?.ready === hello.replicas;
}

/** Synced, healthy and at rest; at a commit when one is named. */
export function isSettled(commit = ""): (view: View) => boolean {
  return ({ application }) =>
    application?.sync === "Synced" &&
    application.health === "Healthy" &&
    application.operation === "Succeeded" &&
    application.revision.startsWith(commit);
}
