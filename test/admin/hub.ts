import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { workloadTypes } from "#cli/adopt/read-installation.ts";
import type { KubeObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { installObject } from "#engine/install-object.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { installHub } from "#main/install-hub.ts";
import { systemClock } from "#runtime/clock.ts";
import type { TestCli } from "../cli/run.ts";
import { openCli } from "../cli/run.ts";

export const namespace = "argocd";

const types = {
  Application: hubTypes.application,
  AppProject: hubTypes.project,
  ConfigMap: hubTypes.configMap,
  Secret: hubTypes.secret,
  ...workloadTypes,
};
type Kind = keyof typeof types;

/** An embedded cluster with the kinds and settings of an installation, and the command line on it. */
export interface TestHub {
  readonly cluster: KubeCluster;
  readonly kubeconfig: string;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly cli: TestCli;
  apply(...objects: readonly KubeObject[]): Promise<void>;
  /** The object as it is; throws when it is gone. */
  read(kind: Kind, name: string, within?: string): Promise<KubeObject>;
}

export async function startHub(): Promise<TestHub> {
  await using setup = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-admin-"));
  setup.defer(() => rm(directory, { recursive: true, force: true }));
  const stop = new AbortController();
  const { signal } = stop;
  const embedded = setup.use(await startEmbeddedCluster({ onFailure: (error) => stop.abort(error), signal }));
  const kubeconfig = path.join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "hub", cluster: embedded }]);
  await installHub({ path: kubeconfig }, { namespace, signal });
  const cluster = setup.use(startCluster(embedded.connection, { keepFresh: false }));
  setup.defer(() => stop.abort());
  const owned = setup.move();
  onTestFinished(() => owned.disposeAsync());
  return {
    cluster,
    kubeconfig,
    directory,
    signal,
    cli: openCli({ namespace, directory }, kubeconfig),
    apply: async (...objects) => {
      for (const object of objects)
        await installObject(cluster, object, { clock: systemClock, fieldManager: "test", signal });
    },
    read: async (kind, name, within = namespace) => {
      const ref = { type: types[kind], namespace: within, name };
      const object = await cluster.read(ref, signal);
      if (object === undefined) throw new Error(`${kind}/${within}/${name} is gone`);
      return object;
    },
  };
}

export const argo = "argoproj.io/v1alpha1";

export function application(
  name: string,
  more: { readonly metadata?: object; readonly spec?: object; readonly rest?: object } = {},
): KubeObject {
  return {
    apiVersion: argo,
    kind: "Application",
    metadata: { name, namespace, ...more.metadata },
    spec: {
      project: "default",
      source: { repoURL: "https://git.invalid/shop.git", path: "." },
      destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
      ...more.spec,
    },
    ...more.rest,
  };
}

export function secret(name: string, type: string, stringData: Readonly<Record<string, string>>): KubeObject {
  const labels = { "argocd.argoproj.io/secret-type": type };
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace, labels }, stringData };
}
