import { installManifests, isInstallSeed } from "#core/install/index.ts";
import type { ClusterConnection } from "#core/cluster/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { InProcessCluster } from "#embedded/index.ts";
import { openClusterInProcess } from "#embedded/index.ts";
import { installObject } from "#engine/install-object.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster } from "#kube/index.ts";
import { createRandom } from "../random.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { Network } from "./network.ts";

export const hubUrl = "https://kubernetes.default.svc";
export const targetUrl = "http://target.example.com";
export const hubNamespace = "argocd";
export const namespaces = ["shop", "store"] as const;

export interface SimulatedServer {
  readonly url: string;
  readonly cluster: InProcessCluster;
}

export function connectionTo(server: string, { token }: InProcessCluster): ClusterConnection {
  return { server, tls: { insecure: false }, auth: { kind: "token", token }, disableCompression: true };
}

/** Clusters as they are before anything happens; worlds have copies of them. */
export interface Templates {
  /** A hub that knows no other cluster. */
  readonly hub: InProcessCluster;
  readonly hubOfTwo: InProcessCluster;
  readonly target: InProcessCluster;
}

let known: Promise<Templates> | undefined;

/** Made once for all worlds of this process: to define the kinds of the hub takes longer than most of what happens in a world. */
export function openTemplates(startMs: number): Promise<Templates> {
  known ??= createTemplates(startMs);
  return known;
}

async function createTemplates(startMs: number): Promise<Templates> {
  const clock = createVirtualClock(startMs - 60_000);
  const settings = installManifests({ image: "unused", namespace: hubNamespace }).filter(
    (object) => object.kind === "CustomResourceDefinition" || isInstallSeed(object),
  );
  const places = namespaces.map((name): KubeObject => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  const target = await template(clock, "target", places);
  return {
    hub: await template(clock, "hub", [...settings, ...places]),
    hubOfTwo: await template(clock, "hub", [...settings, ...places, clusterSecret(target.token)]),
    target,
  };
}

async function template(
  clock: VirtualClock,
  name: string,
  objects: readonly KubeObject[],
): Promise<InProcessCluster> {
  const random = createRandom(name);
  const cluster = openClusterInProcess({
    clock,
    random: () => random.next(),
    onFailure: (error) => {
      throw error;
    },
  });
  const { signal } = new AbortController();
  await using user = userOf(hubUrl, cluster, clock);
  for (const object of objects) {
    await passing(clock, installObject(user, object, { clock, fieldManager: "installer", signal }));
  }
  return cluster;
}

/** What somebody does who sits next to the cluster: nothing goes wrong on the way. */
export function userOf(url: string, cluster: InProcessCluster, clock: VirtualClock): KubeCluster {
  const transport = new Network({ cluster, clock });
  return startCluster(connectionTo(url, cluster), { clock, random: () => 0.5, transport, keepFresh: false });
}

/** Lets time pass until the work is done. */
async function passing<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  const end = new AbortController();
  void work.finally(() => end.abort()).catch(() => undefined);
  while (!end.signal.aborted) await clock.run(clock.now() + 100);
  return work;
}

function clusterSecret(bearerToken: string): KubeObject {
  const config = { bearerToken } satisfies JsonObject;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "cluster-target",
      namespace: hubNamespace,
      labels: { "argocd.argoproj.io/secret-type": "cluster" },
    },
    type: "Opaque",
    stringData: { name: "target", server: targetUrl, config: JSON.stringify(config) },
  };
}
