import { useMemo } from "react";
import { useKept } from "../../../../lib/use-kept.ts";
import type { CardNode } from "./cards.tsx";
import type { Graph, GraphNode, Layout } from "./graph.ts";
import { nodeHeight, nodeWidth } from "./graph.ts";

/** The nodes as they are drawn; the same objects for those that show the same at the same place. */
export function useFlowNodes(graph: Graph, layout: Layout, active: string): CardNode[] {
  const nodes = useMemo(
    () =>
      graph.nodes.flatMap((node) => {
        const position = layout.get(node.id);
        return position === undefined ? [] : [flowNode(node, position, node.id === active)];
      }),
    [graph, layout, active],
  );
  return useKept(nodes, keepNodes);
}

function keepNodes(before: readonly CardNode[], after: CardNode[]): CardNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return after.map((node) => {
    const old = known.get(node.id);
    return old !== undefined && isSameCard(old, node) ? old : node;
  });
}

function isSameCard(a: CardNode, b: CardNode): boolean {
  return (
    a.position.x === b.position.x &&
    a.position.y === b.position.y &&
    a.data.isActive === b.data.isActive &&
    isSameNode(a.data.node, b.data.node)
  );
}

function flowNode(node: GraphNode, position: CardNode["position"], isActive: boolean): CardNode {
  return {
    id: node.id,
    type: "card",
    position,
    data: { node, isActive },
    width: nodeWidth,
    height: nodeHeight,
    // Nothing is connected by hand. That this is known lets nodes off the screen go undrawn from the first.
    handles: [],
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
