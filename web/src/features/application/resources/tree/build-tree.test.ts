import { describe, expect, it } from "vitest";
import { noFilter } from "../filter-resources.ts";
import type { Graph } from "../graph/graph.ts";
import { gapY, nodeHeight } from "../graph/graph.ts";
import { resourcesOf, several } from "../testing.ts";
import { buildTree } from "./build-tree.ts";
import { layoutTree } from "./layout-tree.ts";

const plain = { filter: noFilter, opened: new Map<string, boolean>(), isCompact: false };

/** The tree as an outline. */
function outline({ nodes, edges }: Graph): readonly string[] {
  const depths = new Map<string, number>();
  for (const { from, to } of edges) depths.set(to, (depths.get(from) ?? 0) + 1);
  return nodes.map((node) => {
    const label =
      node.look === "group"
        ? `${node.title}${node.isOpen ? " (open)" : ""}`
        : node.look === "resource"
          ? `${node.resource.kind} ${node.resource.name}${node.isOpen === false ? ` +${node.below}` : ""}${node.isDim ? " (dim)" : ""}`
          : node.look;
    return "  ".repeat(depths.get(node.id) ?? 0) + label;
  });
}

const web = [
  { kind: "Deployment", name: "web" },
  { kind: "ReplicaSet", name: "web-2", owner: "Deployment/web" },
  ...several(3, { kind: "ReplicaSet", name: "web-old", owner: "Deployment/web" }),
  ...several(2, { kind: "Pod", name: "web-2", owner: "ReplicaSet/web-2" }),
];

describe("buildTree", () => {
  it("draws who owns what, and ReplicaSets without Pods as one", () => {
    expect(outline(buildTree(resourcesOf(web), plain))).toEqual([
      "root",
      "  Deployment web",
      "    ReplicaSet web-2",
      "      Pod web-2-0",
      "      Pod web-2-1",
      "    3 old ReplicaSets",
    ]);
  });

  it("draws many siblings of a kind as one, which opens", () => {
    const resources = resourcesOf([
      ...several(200, { kind: "ConfigMap", name: "c" }),
      { kind: "Secret", name: "s" },
    ]);
    const closed = buildTree(resources, plain);
    expect(outline(closed)).toEqual(["root", "  200 ConfigMaps", "  Secret s"]);
    const id = closed.nodes[1]?.id ?? "";
    const open = outline(buildTree(resources, { ...plain, opened: new Map([[id, true]]) }));
    expect(open.slice(0, 4)).toEqual([
      "root",
      "  200 ConfigMaps (open)",
      "    ConfigMap c-0",
      "    ConfigMap c-1",
    ]);
    expect(open).toHaveLength(203);
  });

  it("says of what is closed how much is below it", () => {
    const resources = resourcesOf(web);
    expect(outline(buildTree(resources, { ...plain, isCompact: true }))).toEqual([
      "root",
      "  Deployment web +6",
    ]);
    const opened = new Map([["apps/Deployment/shop/web", true]]);
    expect(outline(buildTree(resources, { ...plain, isCompact: true, opened }))).toContain(
      "    ReplicaSet web-2 +2",
    );
  });

  it("keeps what a match belongs to, and says that it is no match", () => {
    const filter = { ...noFilter, text: "pod web-2-1" };
    expect(outline(buildTree(resourcesOf(web), { ...plain, filter }))).toEqual([
      "root",
      "  Deployment web (dim)",
      "    ReplicaSet web-2 (dim)",
      "      Pod web-2-1",
    ]);
  });

  it("ends when resources own each other", () => {
    const loop = resourcesOf([
      { kind: "A", name: "a", owner: "B/b" },
      { kind: "B", name: "b", owner: "A/a" },
      { kind: "C", name: "c", owner: "C/c" },
    ]);
    expect(outline(buildTree(loop, plain))).toEqual(["root", "  C c"]);
  });
});

describe("layoutTree", () => {
  it("puts nobody over anybody, and parents beside the first of their children", () => {
    const graph = buildTree(resourcesOf(web), plain);
    const layout = layoutTree(graph);
    expect(layout.size).toBe(graph.nodes.length);
    const places = [...layout.values()];
    for (const [i, one] of places.entries()) {
      for (const other of places.slice(i + 1)) {
        if (one.x === other.x) expect(Math.abs(one.y - other.y)).toBeGreaterThanOrEqual(nodeHeight + gapY);
      }
    }
    const y = (id: string) => layout.get(id)?.y ?? NaN;
    expect(y("apps/Deployment/shop/web")).toBe(y("/Pod/shop/web-2-0"));
  });

  it("moves only what is below a node that comes", () => {
    const before = layoutTree(buildTree(resourcesOf(web), plain));
    const more = [...web, { kind: "Pod", name: "web-2-2", owner: "ReplicaSet/web-2" }];
    const after = layoutTree(buildTree(resourcesOf(more), plain));
    for (const id of ["root", "apps/Deployment/shop/web", "/Pod/shop/web-2-1"])
      expect(after.get(id)).toEqual(before.get(id));
  });

  it("places two thousand nodes in a blink", () => {
    const resources = resourcesOf(
      Array.from({ length: 200 }, (_, i) => [
        { kind: "Deployment", name: `d${i}` },
        { kind: "ReplicaSet", name: `r${i}`, owner: `Deployment/d${i}` },
        ...several(8, { kind: "Pod", name: `p${i}`, owner: `ReplicaSet/r${i}` }),
      ]).flat(),
    );
    const closed = buildTree(resources, plain);
    const opened = new Map(closed.nodes.map(({ id }) => [id, true]));
    const half = buildTree(resources, { ...plain, opened });
    const all = buildTree(resources, { ...plain, opened: new Map(half.nodes.map(({ id }) => [id, true])) });
    expect(all.nodes.length).toBeGreaterThan(2_000);
    const startMs = performance.now();
    layoutTree(all);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
