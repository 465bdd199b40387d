import dagre from "@dagrejs/dagre";
import type { Graph, Layout, Point } from "../graph/graph.ts";
import { gapX, gapY, nodeHeight, nodeWidth } from "../graph/graph.ts";

export type Skeleton = {
  readonly nodes: readonly string[];
  readonly edges: Graph["edges"];
};

/** Above so many nodes their order in a layer is not worth the seconds that it takes. */
const maxSorted = 250;

/** Layers from left to right along the edges, with few crossings; what is not connected stands below each other, which takes less time than all at once. */
export function layoutNetwork(skeleton: Skeleton): Layout {
  const places = new Map<string, Point>();
  let top = 0;
  for (const part of partsOf(skeleton)) {
    const layout = part.nodes.length > maxSorted ? layoutByDepth(part) : layoutSorted(part);
    for (const [id, { x, y }] of layout) places.set(id, { x, y: y + top });
    top += Math.max(...[...layout.values()].map(({ y }) => y)) + nodeHeight + gapY;
  }
  return places;
}

/** What is connected, one after the other. */
function partsOf({ nodes, edges }: Skeleton): readonly Skeleton[] {
  const ways = edges.flatMap(({ from, to }) => [
    { from, to },
    { from: to, to: from },
  ]);
  const neighbours = Map.groupBy(ways, ({ from }) => from);
  const partOf = new Map<string, number>();
  for (const [part, start] of nodes.entries()) {
    if (partOf.has(start)) continue;
    const found = new Set([start]);
    for (const at of found) for (const { to } of neighbours.get(at) ?? []) found.add(to);
    for (const id of found) partOf.set(id, part);
  }
  const edgesOf = Map.groupBy(edges, ({ from }) => partOf.get(from));
  return [...Map.groupBy(nodes, (id) => partOf.get(id))].map(([part, members]) => ({
    nodes: members,
    edges: edgesOf.get(part) ?? [],
  }));
}

function layoutSorted({ nodes, edges }: Skeleton): Layout {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: gapY, ranksep: gapX });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  return new Map(
    nodes.map((id) => {
      const { x, y } = graph.node(id) as Point;
      return [id, { x: Math.round(x - nodeWidth / 2), y: Math.round(y - nodeHeight / 2) }];
    }),
  );
}

function layoutByDepth({ nodes, edges }: Skeleton): Layout {
  const depths = depthsOf({ nodes, edges });
  const filled = new Map<number, number>();
  return new Map(
    nodes.map((id) => {
      const depth = depths.get(id) ?? 0;
      const row = filled.get(depth) ?? 0;
      filled.set(depth, row + 1);
      return [id, { x: depth * (nodeWidth + gapX), y: row * (nodeHeight + gapY) }];
    }),
  );
}

/** How many steps it takes to come to each node from where ways begin; where nothing but a ring is, it begins somewhere. */
function depthsOf({ nodes, edges }: Skeleton): ReadonlyMap<string, number> {
  const next = Map.groupBy(edges, ({ from }) => from);
  const ledTo = new Set(edges.map(({ to }) => to));
  const depths = new Map<string, number>();
  for (const start of [...nodes.filter((id) => !ledTo.has(id)), ...nodes]) {
    if (depths.has(start)) continue;
    depths.set(start, 0);
    const queue = [start];
    for (const at of queue) {
      const found = (next.get(at) ?? []).map(({ to }) => to).filter((to) => !depths.has(to));
      for (const to of found) depths.set(to, (depths.get(at) ?? 0) + 1);
      queue.push(...new Set(found));
    }
  }
  return depths;
}
