import { FoldVertical, UnfoldVertical } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { IconButton } from "../../../common/button.tsx";
import type { Resource } from "../describe-resources.ts";
import type { Filter } from "../filter-resources.ts";
import { GraphCanvas } from "../graph/graph-canvas.tsx";
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { ViewProps } from "../view-props.ts";
import { buildTree } from "./build-tree.ts";
import { layoutTree } from "./layout-tree.ts";

/** With more nodes than these only the first layer is open at first. */
const maxOpen = 250;

/** Who owns what, from the application to the last Pod. */
export function TreeView({ resources, filter, root, onOpen }: ViewProps) {
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isCompact = useIsCompact(resources, filter);
  const graph = useMemo(
    () => buildTree(resources, { filter, opened, isCompact }),
    [resources, filter, opened, isCompact],
  );
  const layout = useLayout(graph);
  const toggle = useCallback((node: GraphNode) => {
    if (node.look === "resource" || node.look === "group")
      setOpened((before) => new Map(before).set(node.id, node.isOpen !== true));
  }, []);
  const open = useCallback(
    (node: GraphNode) => {
      if (node.look === "resource") onOpen(node.id);
      else toggle(node);
    },
    [onOpen, toggle],
  );
  return (
    <GraphCanvas
      label="Resource tree"
      graph={graph}
      layout={layout}
      subject={filter}
      root={root}
      onOpen={open}
      onToggle={toggle}
      tools={
        <>
          <IconButton
            label="Open everything that is drawn"
            size="small"
            onClick={() => setOpened(allAs(graph, opened, true))}
          >
            <UnfoldVertical />
          </IconButton>
          <IconButton
            label="Close everything"
            size="small"
            onClick={() => setOpened(allAs(graph, opened, false))}
          >
            <FoldVertical />
          </IconButton>
        </>
      }
    />
  );
}

function allAs(
  { nodes }: Graph,
  opened: ReadonlyMap<string, boolean>,
  isOpen: boolean,
): ReadonlyMap<string, boolean> {
  const next = new Map(opened);
  for (const node of nodes) {
    if (node.look === "group" || (node.look === "resource" && node.isOpen !== undefined))
      next.set(node.id, isOpen);
  }
  return next;
}

/** Whether the tree is too large to be open. Decided once for a filter, so that one more Pod does not fold it up. */
function useIsCompact(resources: readonly Resource[], filter: Filter): boolean {
  const [decided, setDecided] = useState<{ readonly filter: Filter; readonly isCompact: boolean }>();
  if (decided?.filter === filter) return decided.isCompact;
  const { nodes } = buildTree(resources, { filter, opened: new Map(), isCompact: false });
  const isCompact = nodes.length > maxOpen;
  setDecided({ filter, isCompact });
  return isCompact;
}

/** Placed anew only when other nodes are drawn: that a Pod got well moves nothing. */
function useLayout(graph: Graph) {
  const shape = JSON.stringify([graph.nodes.map(({ id }) => id), graph.edges]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the shape is all of the graph that counts
  return useMemo(() => layoutTree(graph), [shape]);
}
