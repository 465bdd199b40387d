import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ApiContext } from "../../context.ts";
import type { HostInfo } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { PlacedPod, PlacedPods } from "../../node-pods.ts";
import { countedResources, countPod } from "../../node-pods.ts";

/** The nodes that pods of a tree run on, with what they and others ask for there. */
export async function readHosts(
  context: ApiContext,
  objects: readonly KubeObject[],
  { cluster, signal }: { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<readonly ShapeOf<HostInfo>[]> {
  const own = objects.filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Pod");
  const onNode = Map.groupBy(own, (pod) => viewString(pod, "spec", "nodeName") ?? "");
  onNode.delete("");
  if (onNode.size === 0) return [];
  const placed = await context.nodePods.on(cluster, [...onNode.keys()].toSorted(), signal);
  return placed.map((one) =>
    present(
      one,
      (onNode.get(one.name) ?? []).map((pod) => countPod(pod)),
    ),
  );
}

/** The tree's own pods are those of the tree: what is known of a node may be a little older. */
function present(
  { name, capacity, systemInfo, pods }: PlacedPods,
  own: readonly PlacedPod[],
): ShapeOf<HostInfo> {
  const uids = new Set(own.map(({ uid }) => uid));
  const others = pods.filter(({ uid }) => !uids.has(uid));
  const resourcesInfo = countedResources
    .filter((resource) => capacity[resource] > 0)
    .map((resource) => ({
      resourceName: resource,
      requestedByApp: askedBy(own, resource),
      requestedByNeighbors: askedBy(others, resource),
      capacity: capacity[resource],
    }));
  return { name, resourcesInfo, systemInfo };
}

function askedBy(pods: readonly PlacedPod[], resource: keyof PlacedPod["requests"]): number {
  return pods.reduce((sum, { requests }) => sum + requests[resource], 0);
}
