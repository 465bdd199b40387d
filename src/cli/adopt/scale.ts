import type { ArgoWorkload } from "#core/adopt/index.ts";
import { viewWorkload } from "#core/adopt/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import type { CliHub } from "../hub.ts";
import { patchObject } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { workloadTypes } from "./read-installation.ts";

const podType: ResourceType = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  namespaced: true,
  verbs: [],
  shortNames: [],
};

interface ScaleContext {
  readonly hub: CliHub;
  readonly ports: CliPorts;
}

/** Gives workloads the replicas that a patch decides from what they are now. Throws KUBE_…. */
export async function scaleWorkloads(
  workloads: readonly ArgoWorkload[],
  patchOf: (workload: ArgoWorkload) => JsonObject | undefined,
  { hub, ports }: ScaleContext,
): Promise<void> {
  for (const { kind, name } of workloads) {
    const type = kind === "StatefulSet" ? workloadTypes.StatefulSet : workloadTypes.Deployment;
    const changed = await patchObject(
      hub,
      { type, namespace: hub.namespace, name },
      {
        decide: (object) => {
          const workload = viewWorkload(object);
          return workload === undefined ? undefined : patchOf(workload);
        },
        signal: ports.signal,
      },
    );
    const replicas = viewWorkload(changed)?.replicas ?? 0;
    ports.stdout.write(`${kind}/${name} has ${replicas} ${replicas === 1 ? "replica" : "replicas"} now\n`);
  }
}

const deadlineMs = 120_000;
const pollMs = 250;

/** Waits until no pod of the workloads is left: before that they may still act. Throws CLI_TIMEOUT naming the pods. */
export async function awaitStopped(
  workloads: readonly ArgoWorkload[],
  { hub, ports }: ScaleContext,
): Promise<void> {
  const { clock, signal } = ports;
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const pods = await podsOf(workloads, { hub, ports });
    if (pods.length === 0) return;
    if (clock.now() > deadline) {
      throw new MooringError(
        "CLI_TIMEOUT",
        `Argo CD: ${pods.map((name) => `Pod/${hub.namespace}/${name}`).join(", ")} did not end within ${deadlineMs / 1000} s; find out why with kubectl describe, and do not start Mooring before`,
      );
    }
    await clock.sleep(pollMs, signal);
  }
}

async function podsOf(
  workloads: readonly ArgoWorkload[],
  { hub, ports: { signal } }: ScaleContext,
): Promise<readonly string[]> {
  const lists = await Promise.all(
    workloads.map(({ object }) => {
      const labels = Object.entries(viewObject(object, "spec", "selector", "matchLabels"));
      const labelSelector = labels
        .map(([key, value]) => `${key}=${typeof value === "string" ? value : ""}`)
        .join(",");
      return hub.cluster.list(podType, {
        namespace: hub.namespace,
        labelSelector,
        metadataOnly: true,
        signal,
      });
    }),
  );
  return lists.flat().map(({ metadata }) => metadata.name ?? "");
}
