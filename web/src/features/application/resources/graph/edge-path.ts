import type { GraphEdge, Layout, Point } from "./graph.ts";
import { gapX, nodeHeight, nodeWidth } from "./graph.ts";

const radius = 8;

/**
 * All edges as one line of SVG: a thousand children of a node would else be a thousand elements, all of them on the screen wherever one
 * looks. Each goes straight out, up or down in the gap before its end, and straight in.
 */
export function edgePath(edges: readonly GraphEdge[], layout: Layout): string {
  return edges
    .map(({ from, to }) => {
      const [start, end] = [layout.get(from), layout.get(to)];
      return start === undefined || end === undefined ? "" : lineOf(start, end);
    })
    .join("");
}

function lineOf(start: Point, end: Point): string {
  const [x, y] = [start.x + nodeWidth, start.y + nodeHeight / 2];
  const [toX, toY] = [end.x, end.y + nodeHeight / 2];
  const bend = toX - gapX / 2;
  const turn = Math.min(radius, Math.abs(toY - y) / 2);
  if (turn < 1) return `M${x} ${y}H${toX}`;
  const way = toY > y ? turn : -turn;
  return `M${x} ${y}H${bend - turn}Q${bend} ${y} ${bend} ${y + way}V${toY - way}Q${bend} ${toY} ${bend + turn} ${toY}H${toX}`;
}
