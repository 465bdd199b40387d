import type { Resource } from "../describe-resources.ts";
import { formatKey } from "../../../resource/resource-key.ts";
import type { Filter } from "../filter-resources.ts";
import { isNarrowed, matches } from "../filter-resources.ts";
import type { Graph, GraphEdge, GraphNode } from "../graph/graph.ts";
import { formatKinds } from "../graph/graph.ts";

const outsideId = "outside";

/** Pods behind the same services: more than so many are one node. */
const maxPods = 4;

export interface Network extends Graph {
  /** Pods that no Service leads to. */
  readonly unreached: number;
}

export interface NetworkOptions {
  readonly filter: Filter;
  readonly opened: ReadonlyMap<string, boolean>;
}

/** The way of traffic: from outside over Ingresses, Gateways and routes to Services and the Pods behind them. */
export function buildNetwork(resources: readonly Resource[], { filter, opened }: NetworkOptions): Network {
  const parts = resources.filter(({ networking }) => networking !== undefined);
  const isPod = ({ group, kind }: Resource): boolean => group === "" && kind === "Pod";
  const [pods, ways] = [parts.filter((one) => isPod(one)), parts.filter((one) => !isPod(one))];
  const links = [...ways.flatMap((way) => linksOf(way, ways)), ...ways.flatMap((way) => podsOf(way, pods))];
  const led = new Set(links.map(({ to }) => to));
  const wanted = isNarrowed(filter)
    ? along(
        links,
        parts.filter((one) => matches(one, filter)),
      )
    : undefined;
  const isWanted = ({ key }: Resource): boolean => wanted === undefined || wanted.has(key);
  const graph = groupPods(
    pods.filter((pod) => led.has(pod.key) && isWanted(pod)),
    links,
    opened,
  );
  const shownWays = ways.filter((way) => isWanted(way));
  const shown = new Set([...shownWays.map(({ key }) => key), ...graph.nodes.map(({ id }) => id)]);
  const entrances = shownWays.filter((way) => isEntrance(way) && !led.has(way.key));
  return {
    nodes: [
      ...(entrances.length === 0 ? [] : [{ id: outsideId, look: "outside" } as const]),
      ...shownWays.map((resource) => nodeOf(resource, filter)),
      ...graph.nodes,
    ],
    edges: [
      ...entrances.map(({ key }) => ({ from: outsideId, to: key })),
      ...links.filter(({ from, to }) => shown.has(from) && shown.has(to)),
      ...graph.edges.filter(({ from, to }) => shown.has(from) && shown.has(to)),
    ].filter(isFirst()),
    unreached: pods.filter((pod) => !led.has(pod.key)).length,
  };
}

function nodeOf(resource: Resource, filter: Filter): GraphNode {
  const isDim = isNarrowed(filter) && !matches(resource, filter);
  return { id: resource.key, look: "resource", resource, below: 0, isOpen: undefined, isDim };
}

function isFirst(): (edge: GraphEdge) => boolean {
  const seen = new Set<string>();
  return ({ from, to }) => {
    const id = `${from}>${to}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  };
}

function linksOf({ key, networking }: Resource, ways: readonly Resource[]): readonly GraphEdge[] {
  const known = new Set(ways.map((way) => way.key));
  return (networking?.targetRefs ?? [])
    .map((ref) => ({ from: key, to: formatKey(ref) }))
    .filter(({ to }) => known.has(to));
}

/** A Service without a selector leads to no Pod that could be told. */
function podsOf({ key, namespace, networking }: Resource, pods: readonly Resource[]): readonly GraphEdge[] {
  const labels = Object.entries(networking?.targetLabels ?? {});
  if (labels.length === 0) return [];
  return pods
    .filter(
      (pod) =>
        pod.namespace === namespace &&
        labels.every(([name, value]) => pod.networking?.labels?.[name] === value),
    )
    .map((pod) => ({ from: key, to: pod.key }));
}

function isEntrance({ networking }: Resource): boolean {
  return (networking?.externalURLs ?? []).length > 0 || (networking?.ingress ?? []).length > 0;
}

/** All that lies on a way through one of these. */
function along(links: readonly GraphEdge[], start: readonly Resource[]): ReadonlySet<string> {
  const reach = (next: (edge: GraphEdge) => readonly [string, string]): ReadonlySet<string> => {
    const byStart = Map.groupBy(links.map(next), ([at]) => at);
    const found = new Set(start.map(({ key }) => key));
    for (const key of found) for (const [, to] of byStart.get(key) ?? []) found.add(to);
    return found;
  };
  return reach(({ from, to }) => [from, to]).union(reach(({ from, to }) => [to, from]));
}

/** Pods with the same owner behind the same services, as one where they are many. */
function groupPods(
  pods: readonly Resource[],
  links: readonly GraphEdge[],
  opened: ReadonlyMap<string, boolean>,
): Graph {
  const fromOf = Map.groupBy(links, ({ to }) => to);
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const behind = ({ key }: Resource): readonly string[] => (fromOf.get(key) ?? []).map(({ from }) => from);
  for (const [id, members] of Map.groupBy(
    pods,
    (pod) => `${behind(pod).join(" ")}>${pod.parents[0] ?? ""}>pods`,
  )) {
    const isOpen = opened.get(id) ?? false;
    const isMany = members.length > maxPods;
    if (isMany) {
      const title = formatKinds(members.length, "Pod");
      nodes.push({ id, look: "group", kind: "Pod", title, members, isOpen });
      edges.push(...behind(members[0] as Resource).map((from) => ({ from, to: id })));
      if (!isOpen) continue;
      edges.push(...members.map(({ key }) => ({ from: id, to: key })));
    }
    for (const resource of members) {
      nodes.push({ id: resource.key, look: "resource", resource, below: 0, isOpen: undefined, isDim: false });
    }
  }
  return { nodes, edges };
}
