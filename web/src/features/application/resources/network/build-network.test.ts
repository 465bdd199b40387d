import { describe, expect, it } from "vitest";
import { noFilter } from "../filter-resources.ts";
import { resourcesOf, several } from "../testing.ts";
import type { NetworkOptions } from "./build-network.ts";
import { buildNetwork } from "./build-network.ts";
import { layoutNetwork } from "./layout-network.ts";

const plain: NetworkOptions = { filter: noFilter, opened: new Map() };
const target = (name: string) => ({ kind: "Service", namespace: "shop", name });
const pod = (name: string, app: string) => ({
  kind: "Pod",
  name,
  node: { networkingInfo: { labels: { app, x: "y" } } },
});
const service = (name: string, app: string) => ({
  kind: "Service",
  name,
  node: { networkingInfo: { targetLabels: { app } } },
});

const shop = [
  {
    kind: "Ingress",
    name: "edge",
    node: {
      networkingInfo: {
        externalURLs: ["https://shop.example.com"],
        targetRefs: [target("web"), target("elsewhere")],
      },
    },
  },
  service("web", "web"),
  { kind: "Service", name: "headless", node: { networkingInfo: { targetLabels: {} } } },
  pod("web-1", "web"),
  pod("job-1", "job"),
  { kind: "ConfigMap", name: "c" },
];

const ways = (given: Parameters<typeof resourcesOf>[0], options = plain) => {
  const short = (id: string): string => id.split("/").at(-1) ?? id;
  const network = buildNetwork(resourcesOf(given), options);
  return {
    nodes: network.nodes.map((node) => (node.look === "group" ? node.title : short(node.id))),
    edges: network.edges.map(
      ({ from, to }) => `${short(from)} → ${to.endsWith(">pods") ? "pods" : short(to)}`,
    ),
    unreached: network.unreached,
  };
};

describe("buildNetwork", () => {
  it("leads from outside over an Ingress and a Service to the Pods with its labels", () => {
    expect(ways(shop)).toEqual({
      nodes: ["outside", "headless", "web", "edge", "web-1"],
      edges: ["outside → edge", "edge → web", "web → web-1"],
      unreached: 1,
    });
  });

  it("draws many Pods behind a Service as one", () => {
    const many = [service("web", "web"), ...several(9, pod("web", "web"))];
    expect(ways(many)).toMatchObject({ nodes: ["web", "9 Pods"], edges: ["web → pods"] });
  });

  it("draws a Pod behind two Services once, with both ways", () => {
    expect(ways([service("a", "web"), service("b", "web"), pod("p", "web")])).toMatchObject({
      nodes: ["a", "b", "p"],
      edges: ["a → p", "b → p"],
    });
  });

  it("keeps the whole way of what is looked for", () => {
    const filter = { ...noFilter, text: "web-1" };
    expect(ways(shop, { ...plain, filter }).nodes).toEqual(["outside", "web", "edge", "web-1"]);
  });
});

describe("layoutNetwork", () => {
  const nodes = ["in", "a", "b", "pods"];
  const edges = [
    { from: "in", to: "a" },
    { from: "in", to: "b" },
    { from: "a", to: "pods" },
    { from: "b", to: "pods" },
  ];

  it("puts what is led to to the right of what leads there", () => {
    const layout = layoutNetwork({ nodes, edges });
    for (const { from, to } of edges) expect(layout.get(to)?.x).toBeGreaterThan(layout.get(from)?.x ?? NaN);
    expect(layout.get("a")?.x).toBe(layout.get("b")?.x);
  });

  it("puts what is not connected below each other", () => {
    const layout = layoutNetwork({
      nodes: [...nodes, "alone", "other"],
      edges: [...edges, { from: "alone", to: "other" }],
    });
    const lowest = Math.max(...nodes.map((id) => layout.get(id)?.y ?? NaN));
    expect(layout.get("alone")?.y).toBeGreaterThan(lowest);
    expect(layout.get("other")?.y).toBe(layout.get("alone")?.y);
  });

  it("does so in good time for more nodes than can be sorted, rings among them", () => {
    const many = Array.from({ length: 2_000 }, (_, i) => `p${i}`);
    const startMs = performance.now();
    const layout = layoutNetwork({
      nodes: [...nodes, ...many],
      edges: [...edges, ...many.map((to) => ({ from: "pods", to })), { from: "p0", to: "in" }],
    });
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(layout.size).toBe(2_004);
    expect(layout.get("p1")?.x).toBeGreaterThan(layout.get("pods")?.x ?? NaN);
  });
});
