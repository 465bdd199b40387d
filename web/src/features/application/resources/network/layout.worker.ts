import type { Point } from "../graph/graph.ts";
import type { Skeleton } from "./layout-network.ts";
import { layoutNetwork } from "./layout-network.ts";

export interface LayoutQuestion extends Skeleton {
  readonly id: number;
}

export interface LayoutAnswer {
  readonly id: number;
  readonly places: readonly (readonly [string, Point])[];
}

addEventListener("message", ({ data }: MessageEvent<LayoutQuestion>) => {
  const answer: LayoutAnswer = { id: data.id, places: [...layoutNetwork(data)] };
  postMessage(answer);
});
