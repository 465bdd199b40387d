import { useEffect, useMemo, useRef, useState } from "react";
import { useKept } from "../../../../lib/use-kept.ts";
import type { Graph, Layout } from "../graph/graph.ts";
import type { LayoutAnswer, LayoutQuestion } from "./layout.worker.ts";

interface Placed<G extends Graph> {
  readonly graph: G;
  readonly layout: Layout;
  /** What the graph is of, as it was given. */
  readonly subject: unknown;
}

function lastKnown<T>(before: T | undefined, after: T | undefined): T | undefined {
  return after ?? before;
}

/** Places a graph in a worker. Until that is done, and while it is done again, what was there before stays; undefined at first. */
export function useNetworkLayout<G extends Graph>(graph: G, subject: unknown): Placed<G> | undefined {
  const [placed, setPlaced] = useState<{ readonly shape: string; readonly layout: Layout }>();
  const [failure, setFailure] = useState<Error>();
  const worker = useRef<Worker>(undefined);
  const shape = shapeOf(graph);
  useEffect(() => {
    const started = new Worker(new URL("layout.worker.ts", import.meta.url), { type: "module" });
    worker.current = started;
    return () => started.terminate();
  }, []);
  useEffect(() => {
    const { current } = worker;
    if (current === null || current === undefined) return undefined;
    const id = Math.random();
    const onMessage = ({ data }: MessageEvent<LayoutAnswer>): void => {
      if (data.id === id) setPlaced({ shape, layout: new Map(data.places) });
    };
    const onError = ({ message }: ErrorEvent): void => setFailure(new Error(`The layout failed: ${message}`));
    current.addEventListener("message", onMessage);
    current.addEventListener("error", onError);
    const question: LayoutQuestion = {
      id,
      ...(JSON.parse(shape) as Pick<LayoutQuestion, "nodes" | "edges">),
    };
    current.postMessage(question);
    return () => {
      current.removeEventListener("message", onMessage);
      current.removeEventListener("error", onError);
    };
  }, [shape]);
  if (failure !== undefined) throw failure;
  const current = useMemo(
    () => (placed?.shape === shape ? { graph, layout: placed.layout, subject } : undefined),
    [placed, shape, graph, subject],
  );
  return useKept(current, lastKnown);
}

/** What a layout depends on, as text: that a Pod got well moves nothing. */
function shapeOf({ nodes, edges }: Graph): string {
  return JSON.stringify({ nodes: nodes.map(({ id }) => id), edges });
}
