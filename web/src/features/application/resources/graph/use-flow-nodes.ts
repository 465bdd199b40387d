import { Position } from "@xyflow/react";
import { useMemo, useRef } from "react";
import type { CardNode } from "./cards.tsx";
import type { Graph, GraphNode, Layout } from "./graph.ts";
import { nodeHeight, nodeWidth } from "./graph.ts";

/** The nodes as they are drawn; the same objects for those that show the same at the same place. */
export function useFlowNodes(graph: Graph, layout: Layout, active: string): CardNode[] {
  const before = useRef<ReadonlyMap<string, CardNode>>(new Map());
  return useMemo(() => {
    const nodes = graph.nodes.flatMap((node) => {
      const position = layout.get(node.id);
      if (position === undefined) return [];
      const isActive = node.id === active;
      const old = before.current.get(node.id);
      const isSame =
        old !== undefined &&
        old.position.x === position.x &&
        old.position.y === position.y &&
        old.data.isActive === isActive &&
        isSameNode(old.data.node, node);
      return [isSame ? old : flowNode(node, position, isActive)];
    });
    before.current = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }, [graph, layout, active]);
}

function flowNode(node: GraphNode, position: CardNode["position"], isActive: boolean): CardNode {
  const middle = { y: nodeHeight / 2, width: 1, height: 1 };
  return {
    id: node.id,
    type: "card",
    position,
    data: { node, isActive },
    width: nodeWidth,
    height: nodeHeight,
    // Edges find their ends without the nodes having been drawn.
    handles: [
      { type: "target", position: Position.Left, x: 0, ...middle },
      { type: "source", position: Position.Right, x: nodeWidth, ...middle },
    ],
  };
}

/** Fields hold values and resources, which are the same objects until they change. */
function isSameNode(a: GraphNode, b: GraphNode): boolean {
  const [one, other] = [a as unknown as Record<string, unknown>, b as unknown as Record<string, unknown>];
  return Object.keys(one).every((field) => {
    const [x, y] = [one[field], other[field]];
    if (Array.isArray(x) && Array.isArray(y))
      return x.length === y.length && x.every((item, i) => item === y[i]);
    return x === y;
  });
}
