import type { Layout, Point } from "./graph.ts";

export interface View extends Point {
  readonly zoom: number;
}

interface Change extends Sizes {
  readonly before: Layout;
  readonly after: Layout;
  readonly view: View;
  /** What should stand still, the first of them that is seen. */
  readonly preferred: readonly string[];
}

/** The view in which what somebody looks at stands where it stood, after everything was placed anew; the same view when nothing of it is left. */
export function anchorView(change: Change): View {
  const { before, after, view } = change;
  const anchor = anchorOf(change);
  const [from, to] = anchor === undefined ? [undefined, undefined] : [before.get(anchor), after.get(anchor)];
  if (from === undefined || to === undefined || (from.x === to.x && from.y === to.y)) return view;
  return {
    zoom: view.zoom,
    x: view.x + (from.x - to.x) * view.zoom,
    y: view.y + (from.y - to.y) * view.zoom,
  };
}

/** What is preferred and seen, else what is nearest to the middle. */
function anchorOf({ before, after, view, preferred, node, screen }: Change): string | undefined {
  const onScreen = ({ x, y }: Point): Point => ({
    x: (x + node.width / 2) * view.zoom + view.x,
    y: (y + node.height / 2) * view.zoom + view.y,
  });
  const isSeen = ({ x, y }: Point): boolean => x > 0 && y > 0 && x < screen.width && y < screen.height;
  const kept = new Map([...before].filter(([id]) => after.has(id)).map(([id, at]) => [id, onScreen(at)]));
  const seen = preferred.find((id) => isSeen(kept.get(id) ?? { x: -1, y: -1 }));
  if (seen !== undefined) return seen;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const [id, { x, y }] of kept) {
    const distance = Math.hypot(x - screen.width / 2, y - screen.height / 2);
    if (distance < bestDistance) [best, bestDistance] = [id, distance];
  }
  return best;
}

export interface Sizes {
  /** Of a node. */
  readonly node: Size;
  /** Of what is seen of the graph, in pixels of the screen. */
  readonly screen: Size;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const margin = 24;
const minReadable = 0.6;
export const minZoom = 0.05;

/** The view that is shown first: all of it where it can be read, else the beginning of it, at the left in the middle. */
export function firstView(layout: Layout, root: Point, { node, screen }: Sizes): View {
  const { right, bottom } = extentOf(layout, node);
  const byWidth = (screen.width - 2 * margin) / right;
  const byHeight = (screen.height - 2 * margin) / bottom;
  const isReadable = byHeight >= minReadable;
  const zoom = Math.min(1, Math.max(minReadable, isReadable ? Math.min(byWidth, byHeight) : byWidth));
  const centred = (screen.width - right * zoom) / 2;
  const atRoot = screen.height / 2 - (root.y + node.height / 2) * zoom;
  return {
    x: Math.max(margin, Math.min(centred, screen.width / 12 + margin)),
    // Nothing is above it, and nothing below.
    y: isReadable
      ? (screen.height - bottom * zoom) / 2
      : Math.min(margin, Math.max(atRoot, screen.height - margin - bottom * zoom)),
    zoom,
  };
}

/** The view that shows all of it, however small, or as much as there can be. */
export function wholeView(layout: Layout, { node, screen }: Sizes): View {
  const { right, bottom } = extentOf(layout, node);
  const fits = Math.min((screen.width - 2 * margin) / right, (screen.height - 2 * margin) / bottom);
  const zoom = Math.min(1, Math.max(minZoom, fits));
  return {
    x: (screen.width - right * zoom) / 2,
    y: Math.max(margin, (screen.height - bottom * zoom) / 2),
    zoom,
  };
}

function extentOf(layout: Layout, node: Size): { readonly right: number; readonly bottom: number } {
  let [right, bottom] = [0, 0];
  for (const { x, y } of layout.values()) [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  return { right: right + node.width, bottom: bottom + node.height };
}

/** The view in which a node is seen whole, moved no more than it takes. */
export function revealView(node: Point, view: View, { node: size, screen }: Sizes): View {
  const shift = (at: number, length: number, room: number): number => {
    if (at < margin) return margin - at;
    const over = at + length + margin - room;
    return over > 0 ? -over : 0;
  };
  return {
    zoom: view.zoom,
    x: view.x + shift(node.x * view.zoom + view.x, size.width * view.zoom, screen.width),
    y: view.y + shift(node.y * view.zoom + view.y, size.height * view.zoom, screen.height),
  };
}
