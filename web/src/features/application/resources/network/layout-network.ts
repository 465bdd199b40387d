import dagre from "@dagrejs/dagre";
import type { Graph, Layout } from "../graph/graph.ts";
import { gapX, gapY, nodeHeight, nodeWidth } from "../graph/graph.ts";

export type Skeleton = {
  readonly nodes: readonly string[];
  readonly edges: Graph["edges"];
};

/** Above so many nodes their order in a layer is not worth the seconds that it takes. */
const maxSorted = 400;

/** Layers from left to right along the edges, with few crossings. */
export function layoutNetwork({ nodes, edges }: Skeleton): Layout {
  if (nodes.length > maxSorted) return layoutByDepth({ nodes, edges });
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: gapY, ranksep: gapX });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  return new Map(
    nodes.map((id) => {
      const { x, y } = graph.node(id) as { readonly x: number; readonly y: number };
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
