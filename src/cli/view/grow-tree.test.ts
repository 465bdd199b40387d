import { expect, it } from "vitest";
import { growTree } from "./grow-tree.ts";
import type { OwnedNode } from "./grow-tree.ts";
import type { TreeNode } from "./tree.ts";

function node(name: string): OwnedNode["node"] {
  const nothing = { status: "", health: "", message: "", createdAt: undefined };
  return { group: "", kind: "ConfigMap", name, uid: `uid-${name}`, ...nothing };
}

const owned = (name: string, ...owners: readonly string[]): OwnedNode => ({
  node: node(name),
  owners: owners.map((owner) => `uid-${owner}`),
});

/** `a(b c(d))` */
function drawn(tree: readonly TreeNode[]): string {
  return tree
    .map(({ name, children }) => (children.length === 0 ? name : `${name}(${drawn(children)})`))
    .join(" ");
}

it("ends where owners are in a circle, with each object once", () => {
  const circle = [owned("a", "root", "c"), owned("b", "a"), owned("c", "b"), owned("self", "self", "c")];
  expect(drawn(growTree([node("root")], circle))).toBe("root(a(b(c(self))))");
  expect(drawn(growTree([node("a"), node("c")], circle))).toBe("a(b) c(self)");
});

it("shows what two objects of each of 50 levels own once, and not twice as often at each level", () => {
  const levels = Array.from({ length: 50 }, (_, i) => [`a${i}`, `b${i}`] as const);
  const diamond = levels.flatMap(([a, b], i) => {
    const owners = i === 0 ? ["root"] : (levels[i - 1] ?? []);
    return [owned(a, ...owners), owned(b, ...owners)];
  });
  const shown = drawn(growTree([node("root")], diamond));
  expect(shown.match(/\w+/gu)?.toSorted()).toEqual(["root", ...levels.flat()].toSorted());
  expect(shown.startsWith("root(a0(a1(a2(")).toBe(true);
});

it("ends at a depth that nobody reaches, however long a chain of owners is", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => owned(`n${i}`, i === 0 ? "root" : `n${i - 1}`));
  expect(drawn(growTree([node("root")], chain)).match(/\w+/gu)).toHaveLength(501);
});

it("keeps objects without a uid, which nothing can refer to", () => {
  const nameless = (name: string): OwnedNode => ({
    node: { ...node(name), uid: "" },
    owners: ["uid-root", ""],
  });
  expect(drawn(growTree([node("root")], [nameless("b"), nameless("a")]))).toBe("root(a b)");
});
