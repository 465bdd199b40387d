import { onTestFinished } from "vitest";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { type ClusterOptions, type KubeCluster, readKubeconfig, startCluster } from "#kube/index.ts";
import type { ResourceType, WatchEvent } from "#ports/cluster.ts";
import { controlPlane } from "../control-plane/fixture.ts";

/** A cluster closed when the running test ends, as the admin unless a connection is given. */
export async function connect(
  options: ClusterOptions & { readonly connection?: ClusterConnection } = {},
): Promise<KubeCluster> {
  const connection =
    options.connection ?? (await readKubeconfig({ path: controlPlane().kubeconfigPath })).connection;
  const cluster = startCluster(connection, options);
  onTestFinished(() => cluster[Symbol.asyncDispose]());
  return cluster;
}

/** Aborts when the running test ends. */
export function testSignal(): AbortSignal {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return controller.signal;
}

export async function typeOf(cluster: KubeCluster, group: string, kind: string): Promise<ResourceType> {
  const type = (await cluster.discover(new AbortController().signal)).typeOf(group, kind);
  if (type === undefined) throw new Error(`${group}/${kind} is not served`);
  return type;
}

export function configMap(namespace: string, name: string, metadata: JsonObject = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, ...metadata },
    data: { a: "1" },
  };
}

/** Collects what a watch reports as `applied name` lines until the running test ends. */
export function record(events: AsyncIterable<WatchEvent>): string[] {
  const lines: string[] = [];
  void collect(events, lines);
  return lines;
}

async function collect(events: AsyncIterable<WatchEvent>, lines: string[]): Promise<void> {
  for await (const event of events) {
    lines.push("object" in event ? `${event.type} ${event.object.metadata.name ?? ""}` : event.type);
  }
}
