import { describe, expect, it } from "vitest";
import { anchorView, firstView, revealView, wholeView } from "./anchor.ts";
import type { Graph } from "./graph.ts";
import { formatKinds } from "./graph.ts";
import { moveFocus } from "./move-focus.ts";

const graph: Graph = {
  nodes: ["root", "a", "b", "a1", "a2"].map((id) => ({ id, look: "root" })),
  edges: [
    { from: "root", to: "a" },
    { from: "root", to: "b" },
    { from: "a", to: "a1" },
    { from: "a", to: "a2" },
  ],
};
const layout = new Map([
  ["root", { x: 0, y: 100 }],
  ["a", { x: 300, y: 50 }],
  ["b", { x: 300, y: 200 }],
  ["a1", { x: 600, y: 0 }],
  ["a2", { x: 600, y: 90 }],
]);

describe("moveFocus", () => {
  it("goes along the edges to the nearest, and up and down in a column", () => {
    const go = (from: string, ...moves: readonly Parameters<typeof moveFocus>[2][]) =>
      moves.reduce((at, move) => moveFocus({ graph, layout }, at, move), from);
    expect(go("root", "ArrowRight")).toBe("a");
    expect(go("a", "ArrowRight")).toBe("a2");
    expect(go("a2", "ArrowUp")).toBe("a1");
    expect(go("a1", "ArrowLeft", "ArrowDown")).toBe("b");
    expect(go("b", "ArrowDown")).toBe("b");
    expect(go("b", "ArrowRight")).toBe("b");
    expect(go("b", "Home")).toBe("root");
    expect(go("gone", "ArrowDown")).toBe("root");
  });
});

describe("the view", () => {
  const node = { width: 200, height: 60 };
  const view = { x: 10, y: 20, zoom: 0.5 };

  it("stands still where somebody looks when everything is placed anew", () => {
    const after = new Map([...layout].map(([id, { x, y }]) => [id, { x, y: y + 400 }]));
    const change = { before: layout, after, view, node, screen: { width: 800, height: 600 } };
    expect(anchorView({ ...change, preferred: ["a1", "root"] })).toEqual({ x: 10, y: -180, zoom: 0.5 });
    after.set("root", { x: 0, y: 100 });
    expect(anchorView({ ...change, preferred: ["gone", "root"] })).toBe(view);
    // The root is not seen, and `b` is the nearest to the middle.
    const below = { ...change, view: { x: -500, y: 200, zoom: 2 } };
    expect(anchorView({ ...below, preferred: ["root"] })).toEqual({ x: -500, y: -600, zoom: 2 });
    expect(anchorView({ ...change, after: new Map(), preferred: ["a"] })).toBe(view);
  });

  it("shows a small graph whole at first, and the beginning of a large one so that it can be read", () => {
    const whole = firstView(layout, { x: 0, y: 100 }, { node, screen: { width: 1_000, height: 600 } });
    expect(whole.zoom).toBe(1);
    const tall = new Map([...layout, ["z", { x: 300, y: 20_000 }] as const]);
    const begun = firstView(tall, { x: 0, y: 10_000 }, { node, screen: { width: 1_000, height: 600 } });
    expect(begun.zoom).toBe(1);
    expect((10_000 + 30) * begun.zoom + begun.y).toBe(300);
    const top = firstView(tall, { x: 0, y: 0 }, { node, screen: { width: 1_000, height: 600 } });
    expect(top.y).toBe(24);
  });

  it("shows all of it, or as much as there can be", () => {
    const screen = { width: 1_000, height: 600 };
    const tall = new Map([
      ["a", { x: 0, y: 0 }],
      ["b", { x: 0, y: 2_940 }],
    ]);
    expect(wholeView(tall, { node, screen }).zoom).toBeCloseTo(0.184);
    tall.set("b", { x: 0, y: 1_000_000 });
    expect(wholeView(tall, { node, screen })).toMatchObject({ zoom: 0.05, y: 24 });
  });

  it("moves no more than it takes to show a node", () => {
    const screen = { width: 800, height: 600 };
    const still = { x: 0, y: 0, zoom: 1 };
    expect(revealView({ x: 100, y: 100 }, still, { node, screen })).toEqual(still);
    expect(revealView({ x: 700, y: -50 }, still, { node, screen })).toEqual({ x: -124, y: 74, zoom: 1 });
  });
});

it("formatKinds says how many of a kind as one does", () => {
  const said = ["Pod", "Ingress", "NetworkPolicy", "Gateway", "Endpoints"].map((kind) =>
    formatKinds(2, kind),
  );
  expect(said).toEqual(["2 Pods", "2 Ingresses", "2 NetworkPolicies", "2 Gateways", "2 Endpoints"]);
  expect(formatKinds(1, "Ingress")).toBe("1 Ingress");
});
