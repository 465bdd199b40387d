import { homedir } from "node:os";
import path from "node:path";
import { messageOf } from "#core/errors/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { readKubeconfig } from "#kube/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { startControlPlane } from "#test/control-plane/start.ts";
import { DemoFailure } from "./commands.ts";
import { dim, print, seconds } from "./print.ts";

/** The cluster that the demo plays on. */
export interface DemoCluster extends AsyncDisposable {
  readonly kubeconfigPath: string;
}

export interface DemoClusterOptions {
  /** For what the cluster keeps. */
  readonly directory: string;
  readonly onFailure: (error: Error) => void;
  readonly signal: AbortSignal;
}

const kinds = { embedded, real, context } as const;

/** The cluster that `DEMO_CLUSTER` names: `embedded` (unless told), a `real` control plane, or the user's own by its `context`. */
export function openDemoCluster(options: DemoClusterOptions): Promise<DemoCluster> {
  const kind = process.env["DEMO_CLUSTER"] ?? "embedded";
  if (Object.hasOwn(kinds, kind)) return kinds[kind as keyof typeof kinds](options);
  throw new DemoFailure(
    `DEMO_CLUSTER is ${JSON.stringify(kind)}; it must be one of ${Object.keys(kinds).join(", ")}`,
  );
}

async function embedded({ directory, onFailure, signal }: DemoClusterOptions): Promise<DemoCluster> {
  const startedAt = performance.now();
  const cluster = await startEmbeddedCluster({
    onFailure: (error) => onFailure(new DemoFailure(`the embedded cluster failed: ${messageOf(error)}`)),
    signal,
  });
  const kubeconfigPath = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfigPath, [{ name: "demo", cluster }]);
  print(
    `An embedded cluster runs at ${cluster.url}, ready after ${seconds(performance.now() - startedAt)}: a Kubernetes API`,
  );
  print(
    "server in this process. Its nodes and pods are simulated: nothing pulls an image. kubectl works with it:",
  );
  print(dim(`  kubectl --kubeconfig ${kubeconfigPath} get all`));
  return { kubeconfigPath, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}

async function real({ onFailure, signal }: DemoClusterOptions): Promise<DemoCluster> {
  const controlPlane = await startControlPlane({ signal, onFailure, progress: (line) => print(dim(line)) });
  print(`A Kubernetes API server with its scheduler and controllers runs at ${controlPlane.server}, ready`);
  print(`after ${seconds(controlPlane.startMs)}. Its nodes and pods are simulated: nothing pulls an image.`);
  return controlPlane;
}

/** Nothing of the user's cluster ends with the demo but the application that it makes. */
async function context(): Promise<DemoCluster> {
  const { connection, context: name } = await readKubeconfig();
  const kubeconfigPath = process.env["KUBECONFIG"] ?? path.join(homedir(), ".kube", "config");
  print(
    `Your own cluster: context ${name} at ${connection.server}. The demo leaves Mooring's definitions and settings there.`,
  );
  return { kubeconfigPath, [Symbol.asyncDispose]: () => Promise.resolve() };
}
