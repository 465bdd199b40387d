import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { openDemoCluster } from "./cluster.ts";
import type { Shell } from "./commands.ts";
import { createShell, demoEnvironment, initialPassword, startMooring } from "./commands.ts";
import { dim, heading, print } from "./print.ts";

/** A cluster, a shell whose commands talk to it, and a directory that goes with the demo. */
export interface World extends AsyncDisposable {
  readonly directory: string;
  readonly kubeconfigPath: string;
  /** The kubeconfig's context. */
  readonly context: string;
  readonly cluster: KubeCluster;
  /** Of the shell's commands. */
  readonly env: NodeJS.ProcessEnv;
  readonly shell: Shell;
  readonly signal: AbortSignal;
  /** Starts controller and server beside the cluster; they end with the world. */
  startMooring(): Promise<Ui>;
  /** The last lines that Mooring logged, if it was started. */
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
  const env = demoEnvironment(kubeconfigPath, directory);
  const shell = createShell(env, signal);
  const { connection, context } = await readKubeconfig({ path: kubeconfigPath });
  const cluster = stack.use(startCluster(connection));
  const logPath = path.join(directory, "mooring.log");
  const owned = stack.move();
  return {
    directory,
    kubeconfigPath,
    context,
    cluster,
    env,
    shell,
    signal,
    startMooring: async () => {
      heading("Mooring in it");
      await shell.mooring(["install", "--crds-only", "--apply"]);
      const data = path.join(directory, "data");
      const { url } = owned.use(await startMooring({ kubeconfigPath, data, logPath, onFailure, signal }));
      print(
        `\nController and server run as one process beside the cluster: bin/mooring up --kubeconfig … --insecure`,
      );
      print(dim(`The web UI: ${url}. The log: ${logPath}`));
      return { url, password: await initialPassword(kubeconfigPath) };
    },
    lastWords: async () => lastLines(await readFile(logPath, "utf8").catch(whereMissing)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function lastLines(log: string): string {
  return log.split("\n").slice(-30).join("\n");
}

/** A story without a controller has no log. */
function whereMissing(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}
