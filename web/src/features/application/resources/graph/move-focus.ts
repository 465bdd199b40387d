import type { Graph, Layout, Point } from "./graph.ts";

export type Move = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End";

export function isMove(key: string): key is Move {
  return ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key);
}

interface PlacedGraph {
  readonly graph: Graph;
  readonly layout: Layout;
}

/** Where an arrow leads: left and right along the edges, up and down to the next in the same column. The same node where nothing is. */
export function moveFocus({ graph, layout }: PlacedGraph, from: string, move: Move): string {
  const here = layout.get(from);
  if (here === undefined || move === "Home") return graph.nodes[0]?.id ?? from;
  if (move === "End") return graph.nodes.at(-1)?.id ?? from;
  if (move === "ArrowLeft") return nearest(layout, here, sourcesOf(graph, from)) ?? from;
  if (move === "ArrowRight") return nearest(layout, here, targetsOf(graph, from)) ?? from;
  const column = [...layout].filter(([, { x }]) => x === here.x).map(([id]) => id);
  const isBeyond = ({ y }: Point): boolean => (move === "ArrowUp" ? y < here.y : y > here.y);
  const beyond = column.filter((id) => isBeyond(layout.get(id) ?? here));
  return nearest(layout, here, beyond) ?? from;
}

function sourcesOf({ edges }: Graph, id: string): readonly string[] {
  return edges.filter(({ to }) => to === id).map(({ from }) => from);
}

function targetsOf({ edges }: Graph, id: string): readonly string[] {
  return edges.filter(({ from }) => from === id).map(({ to }) => to);
}

function nearest(layout: Layout, { y }: Point, ids: readonly string[]): string | undefined {
  const distance = (id: string): number => Math.abs((layout.get(id)?.y ?? Infinity) - y);
  return ids.toSorted((a, b) => distance(a) - distance(b))[0];
}
