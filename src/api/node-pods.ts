import { isMooringError } from "#core/errors/index.ts";
import { parseQuantity } from "#core/merge/quantity.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { msSince } from "#runtime/clock.ts";
import { mapLimit } from "#runtime/limit.ts";

/** What Argo CD counts of a node. */
export const countedResources = ["cpu", "memory", "storage"] as const;
type Amounts = Readonly<Record<(typeof countedResources)[number], number>>;

export interface PlacedPod {
  readonly uid: string;
  /** In thousandths. */
  readonly requests: Amounts;
}

/** A machine of a cluster with what is asked for on it. */
export interface PlacedPods {
  readonly name: string;
  /** In thousandths. */
  readonly capacity: Amounts;
  readonly systemInfo: JsonObject;
  /** Of every namespace; without those that have ended. */
  readonly pods: readonly PlacedPod[];
}

export interface NodePodsSource {
  /** What is known of nodes by their names; those that are not there, or may not be read, are left out. Half a minute old at the most. */
  on(cluster: Cluster, names: readonly string[], signal: AbortSignal): Promise<readonly PlacedPods[]>;
}

interface Known {
  readonly atMs: number;
  readonly placed: PlacedPods | undefined;
}

const maxAgeMs = 30_000;
const readConcurrency = 4;
/** So many nodes of one application are looked at: each is a question to its cluster. */
const maxNodes = 50;

/** Trees are read again and again while they are looked at, and what is asked for on a node changes slowly. */
export function createNodePods({ clock }: { readonly clock: Clock }): NodePodsSource {
  const clusters = new WeakMap<Cluster, Map<string, Known>>();
  return {
    on: async (cluster, names, signal) => {
      const known = clusters.get(cluster) ?? new Map<string, Known>();
      clusters.set(cluster, known);
      for (const [name, { atMs }] of known) if (msSince(clock, atMs) > maxAgeMs) known.delete(name);
      const placed = await mapLimit(names.slice(0, maxNodes), readConcurrency, async (name) => {
        const found = known.get(name);
        if (found !== undefined) return found.placed;
        const read = await readNode(cluster, name, signal);
        known.set(name, { atMs: clock.now(), placed: read });
        return read;
      });
      return placed.filter((one) => one !== undefined);
    },
  };
}

async function readNode(
  cluster: Cluster,
  name: string,
  signal: AbortSignal,
): Promise<PlacedPods | undefined> {
  const discovery = await cluster.discover(signal);
  const [nodes, pods] = [discovery.typeOf("", "Node"), discovery.typeOf("", "Pod")];
  if (nodes === undefined || pods === undefined) return undefined;
  try {
    const node = await cluster.read({ type: nodes, namespace: "", name }, signal);
    if (node === undefined) return undefined;
    const placed = await cluster.list(pods, { fieldSelector: `spec.nodeName=${name}`, signal });
    return {
      name,
      capacity: amountsOf((resource) => milliOf(viewPath(node, "status", "capacity", resource))),
      systemInfo: viewObject(node, "status", "nodeInfo"),
      pods: placed.filter((pod) => !isOver(pod)).map((pod) => countPod(pod)),
    };
  } catch (error) {
    if (isMooringError(error, "KUBE_FORBIDDEN")) return undefined;
    throw error;
  }
}

function isOver(pod: KubeObject): boolean {
  return ["Succeeded", "Failed"].includes(viewString(pod, "status", "phase") ?? "");
}

/** What a Pod asks for. */
export function countPod(pod: KubeObject): PlacedPod {
  return { uid: pod.metadata.uid ?? "", requests: amountsOf((resource) => requestOf(pod, resource)) };
}

function amountsOf(amountOf: (resource: string) => number): Amounts {
  return { cpu: amountOf("cpu"), memory: amountOf("memory"), storage: amountOf("storage") };
}

/** What its containers ask for together, or the most that one asks for that runs before them. */
function requestOf(pod: KubeObject, resource: string): number {
  const requests = (part: string) =>
    viewArray(pod, "spec", part).map((one) => milliOf(viewPath(one, "resources", "requests", resource)));
  const together = requests("containers").reduce((sum, one) => sum + one, 0);
  const overhead = milliOf(viewPath(pod, "spec", "overhead", resource));
  return Math.max(together, ...requests("initContainers")) + overhead;
}

function milliOf(quantity: unknown): number {
  if (typeof quantity !== "string" && typeof quantity !== "number") return 0;
  return Number((parseQuantity(quantity) ?? 0n) / 1_000_000n);
}
