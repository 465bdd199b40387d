import { Network as NetworkIcon } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { formatCount } from "../../../../lib/format.ts";
import { Skeleton, State } from "../../../common/states.tsx";
import { GraphCanvas } from "../graph/graph-canvas.tsx";
import type { GraphNode } from "../graph/graph.ts";
import type { ViewProps } from "../view-props.ts";
import { buildNetwork } from "./build-network.ts";
import styles from "./network-view.module.css";
import { useNetworkLayout } from "./use-network-layout.ts";

/** The way of traffic from outside to the Pods. */
export function NetworkView({ resources, filter, root, onOpen }: ViewProps) {
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const network = useMemo(() => buildNetwork(resources, { filter, opened }), [resources, filter, opened]);
  const placed = useNetworkLayout(network, filter);
  const toggle = useCallback((node: GraphNode) => {
    if (node.look === "group") setOpened((before) => new Map(before).set(node.id, !node.isOpen));
  }, []);
  const open = useCallback(
    (node: GraphNode) => {
      if (node.look === "resource") onOpen(node.id);
      else toggle(node);
    },
    [onOpen, toggle],
  );
  if (network.nodes.length === 0)
    return (
      <State icon={<NetworkIcon />} title="No way of traffic to show">
        The application has no Service, Ingress, Gateway or route
        {network.unreached > 0 && `, and ${formatCount(network.unreached, "Pod")}`}.
      </State>
    );
  if (placed === undefined) return <Skeleton label="Placing the network" lines={8} />;
  return (
    <>
      <GraphCanvas
        label="Network"
        graph={placed.graph}
        layout={placed.layout}
        subject={placed.subject}
        root={root}
        onOpen={open}
        onToggle={toggle}
      />
      {network.unreached > 0 && (
        <p className={`muted ${styles["note"]}`}>
          {formatCount(network.unreached, "Pod is", "Pods are")} behind no Service, and not drawn.
        </p>
      )}
    </>
  );
}
