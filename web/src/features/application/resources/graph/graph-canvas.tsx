import "@xyflow/react/dist/base.css";
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  ViewportPortal,
} from "@xyflow/react";
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { IconButton } from "../../../common/button.tsx";
import { edgePath } from "./edge-path.ts";
import { anchorView, firstView, minZoom, revealView, wholeView } from "./anchor.ts";
import type { CardNode, GraphActions } from "./cards.tsx";
import { Card, GraphContext } from "./cards.tsx";
import styles from "./graph-canvas.module.css";
import type { Graph, GraphNode, Layout } from "./graph.ts";
import { nodeHeight, nodeWidth } from "./graph.ts";
import { isMove, moveFocus } from "./move-focus.ts";
import { useFlowNodes } from "./use-flow-nodes.ts";

interface GraphCanvasProps {
  /** What it is, read aloud. */
  readonly label: string;
  readonly graph: Graph;
  readonly layout: Layout;
  readonly root: GraphActions["root"];
  readonly onOpen: (node: GraphNode) => void;
  readonly onToggle: (node: GraphNode) => void;
  readonly tools?: ReactNode;
  /** What the graph is of, such as a filter: another one is looked at from its beginning. */
  readonly subject: unknown;
}

const nodeTypes = { card: Card };
const size = { width: nodeWidth, height: nodeHeight };
/** A map helps where not everything fits on the screen. */
const mapFrom = 40;
/** With more there is nothing to be seen on it. */
const mapTo = 400;

/** A graph to look around in: with the mouse, and with the keys along its edges. Only what is on the screen is drawn. */
export function GraphCanvas(props: GraphCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ label, graph, layout, root, onOpen, onToggle, tools, subject }: GraphCanvasProps) {
  const flow = useReactFlow<CardNode>();
  const frame = useRef<HTMLDivElement>(null);
  const takesFocus = useRef(false);
  const [chosen, setActive] = useState<string>();
  const first = graph.nodes[0]?.id ?? "";
  const active = chosen !== undefined && layout.has(chosen) ? chosen : first;
  const nodes = useFlowNodes(graph, layout, active);
  const lines = useMemo(() => edgePath(graph.edges, layout), [graph.edges, layout]);
  useStandingView({ frame, layout, root: first, held: chosen, subject });
  const reveal = useCallback(
    (id: string) => {
      const at = layout.get(id);
      if (at === undefined || frame.current === null) return;
      const screen = screenOf(frame.current);
      void flow.setViewport(revealView(at, flow.getViewport(), { node: size, screen }));
    },
    [flow, layout],
  );
  const showAll = (): void => {
    if (frame.current === null) return;
    void flow.setViewport(wholeView(layout, { node: size, screen: screenOf(frame.current) }));
  };
  const actions = useMemo(
    () => ({ root, onOpen, onToggle, onFocus: setActive, takesFocus }),
    [root, onOpen, onToggle],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isMove(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    takesFocus.current = true;
    const node = graph.nodes.find(({ id }) => id === active);
    if (event.key === "ArrowRight" && node !== undefined && isClosed(node)) {
      onToggle(node);
      return;
    }
    const next = moveFocus({ graph, layout }, active, event.key);
    setActive(next);
    reveal(next);
  };
  return (
    <GraphContext value={actions}>
      <div
        ref={frame}
        role="group"
        aria-label={`${label}. Arrow keys lead along the lines, Enter opens.`}
        className={styles["frame"]}
        onKeyDown={onKeyDown}
        onPointerDown={() => (takesFocus.current = false)}
      >
        <div className={styles["fill"]}>
          <ReactFlow<CardNode>
            nodes={nodes}
            nodeTypes={nodeTypes}
            onlyRenderVisibleElements
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            elementsSelectable={false}
            disableKeyboardA11y
            panOnScroll
            zoomOnDoubleClick={false}
            minZoom={minZoom}
            maxZoom={1.5}
            proOptions={{ hideAttribution: true }}
          >
            <ViewportPortal>
              <svg className={styles["lines"]} aria-hidden="true">
                <path d={lines} />
              </svg>
            </ViewportPortal>
            <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
            {graph.nodes.length > mapFrom && graph.nodes.length < mapTo && (
              <MiniMap pannable zoomable ariaLabel="Map" className={styles["map"] ?? ""} />
            )}
          </ReactFlow>
        </div>
        <div className={styles["tools"]}>
          {tools}
          <IconButton label="Zoom in" size="small" onClick={() => void flow.zoomIn()}>
            <ZoomIn />
          </IconButton>
          <IconButton label="Zoom out" size="small" onClick={() => void flow.zoomOut()}>
            <ZoomOut />
          </IconButton>
          <IconButton label="Show all of it" size="small" onClick={showAll}>
            <Maximize />
          </IconButton>
        </div>
      </div>
    </GraphContext>
  );
}

function isClosed(node: GraphNode): boolean {
  return (node.look === "resource" || node.look === "group") && node.isOpen === false;
}

function screenOf({ clientWidth, clientHeight }: HTMLElement) {
  return { width: clientWidth, height: clientHeight };
}

interface Standing {
  readonly frame: { readonly current: HTMLDivElement | null };
  readonly layout: Layout;
  readonly root: string;
  readonly held: string | undefined;
  readonly subject: unknown;
}

/** Shows the beginning at first; later, what is looked at stays where it is when everything around it moves. */
function useStandingView({ frame, layout, root, held, subject }: Standing): void {
  const flow = useReactFlow();
  const before = useRef<{ readonly layout: Layout; readonly subject: unknown }>(undefined);
  useEffect(() => {
    if (frame.current === null || layout.size === 0) return;
    const screen = screenOf(frame.current);
    const view = flow.getViewport();
    const next =
      before.current === undefined || before.current.subject !== subject
        ? firstView(layout, layout.get(root) ?? { x: 0, y: 0 }, { node: size, screen })
        : anchorView({
            before: before.current.layout,
            after: layout,
            view,
            preferred: held === undefined ? [root] : [held, root],
            node: size,
            screen,
          });
    before.current = { layout, subject };
    if (next !== view) void flow.setViewport(next);
  }, [flow, frame, layout, root, held, subject]);
}
