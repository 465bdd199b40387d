import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { openDemoCluster } from "./cluster.ts";
import type { Shell } from "./commands.ts";
import { createShell, initialPassword, projectRoot, startMooring } from "./commands.ts";
import type { Observer } from "./observer.ts";
import { startObserver } from "./observer.ts";
import { dim, heading, print } from "./print.ts";
import type { HelloRepository } from "./repository.ts";
import { createHelloRepository } from "./repository.ts";

/** All that the demo runs on: a cluster, Mooring with its UI, a repository, and eyes on them. */
export interface World extends AsyncDisposable {
  readonly kubeconfigPath: string;
  readonly ui: Ui;
  readonly repository: HelloRepository;
  readonly cluster: KubeCluster;
  readonly observer: Observer;
  readonly shell: Shell;
  readonly signal: AbortSignal;
  /** The last lines that Mooring logged. */
  lastWords(): Promise<string>;
}

/** The web UI, and how one logs in as `admin`. */
export interface Ui {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Undefined where somebody has set one. */
  readonly password: string | undefined;
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
  const logPath = path.join(directory, "mooring.log");
  const data = path.join(directory, "data");
  const { connection } = await readKubeconfig({ path: kubeconfigPath });
  const cluster = stack.use(startCluster(connection));
  const observer = stack.use(startObserver(cluster, signal));
  const { url } = stack.use(await startMooring({ kubeconfigPath, data, logPath, onFailure, signal }));
  print(
    `\nController and server run as one process beside the cluster: bin/mooring up --kubeconfig … --insecure`,
  );
  print(dim(`The web UI: ${url}. The log: ${logPath}`));
  const ui = { url, password: await initialPassword(kubeconfigPath) };

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
    ui,
    repository,
    cluster,
    observer,
    shell,
    signal,
    lastWords: async () => (await readFile(logPath, "utf8")).split("\n").slice(-30).join("\n"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
