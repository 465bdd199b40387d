import type { Graph, Layout, Point } from "../graph/graph.ts";
import { gapX, gapY, nodeHeight, nodeWidth } from "../graph/graph.ts";

/**
 * Layers from left to right by depth, nobody over anybody, a parent beside the first of its children, so that what comes
 * or goes moves only what is below it. It takes time in proportion to the
 * nodes: a general layout of layers takes seconds for two thousand.
 */
export function layoutTree({ nodes, edges }: Graph): Layout {
  const children = Map.groupBy(edges, ({ from }) => from);
  const places = new Map<string, Point>();
  let nextY = 0;
  const place = (id: string, depth: number): number => {
    const below = (children.get(id) ?? []).map(({ to }) => place(to, depth + 1));
    const y = below[0] ?? nextY;
    if (below.length === 0) nextY += nodeHeight + gapY;
    places.set(id, { x: depth * (nodeWidth + gapX), y });
    return y;
  };
  const pointedAt = new Set(edges.map(({ to }) => to));
  for (const { id } of nodes) if (!pointedAt.has(id)) place(id, 0);
  return places;
}
