import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { openDemoCluster } from "./cluster.ts";
import type { Shell } from "./commands.ts";
import { createShell, projectRoot, startController } from "./commands.ts";
import type { Observer } from "./observer.ts";
import { startObserver } from "./observer.ts";
import { dim, heading, print } from "./print.ts";
import type { HelloRepository } from "./repository.ts";
import { createHelloRepository } from "./repository.ts";

/** All that the demo runs on: a cluster, a controller, a repository, and eyes on them. */
export interface World extends AsyncDisposable {
  readonly kubeconfigPath: string;
  readonly repository: HelloRepository;
  readonly cluster: KubeCluster;
  readonly observer: Observer;
  readonly shell: Shell;
  readonly signal: AbortSignal;
  /** The last lines that the controller logged. */
  controllerLog(): Promise<string>;
}

export async function createWorld(ending: AbortController): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const { signal } = ending;
  const onFailure = (error: Error) => ending.abort(error);
  heading("A cluster");
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-demo-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const { kubeconfigPath } = stack.use(await openDemoCluster({ directory, onFailure, signal }));
  const shell = createShell(kubeconfigPath, signal);

  heading("Mooring in it");
  await shell.mooring(["install", "--crds-only", "--apply"]);
  const logPath = path.join(directory, "controller.log");
  const data = path.join(directory, "data");
  print(`\nThe controller runs as a process beside the cluster: bin/mooring controller --data ${data}`);
  print(dim(`Its log: ${logPath}`));
  const { connection } = await readKubeconfig({ path: kubeconfigPath });
  const cluster = stack.use(startCluster(connection));
  const observer = stack.use(startObserver(cluster, signal));
  stack.use(startController({ kubeconfigPath, data, logPath, onFailure }));

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
  return {
    kubeconfigPath,
    repository,
    cluster,
    observer,
    shell,
    signal,
    controllerLog: async () => (await readFile(logPath, "utf8")).split("\n").slice(-30).join("\n"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
