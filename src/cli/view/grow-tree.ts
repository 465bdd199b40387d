import type { TreeNode } from "./tree.ts";

/** An object that others own, and the uids of those. */
export interface OwnedNode {
  readonly node: Omit<TreeNode, "children">;
  readonly owners: readonly string[];
}

/** Far more than anybody's owners are deep, and far less than calls may be. */
const maxDepth = 500;

/**
 * Puts below each root what it owns, and what that owns. Owner references are whatever somebody wrote: an object is shown once, below the
 * first of its owners, so that owners in a circle end and those that share objects do not multiply them; a root stays a root.
 */
export function growTree(
  roots: readonly Omit<TreeNode, "children">[],
  owned: readonly OwnedNode[],
): readonly TreeNode[] {
  const ofOwner = new Map<string, OwnedNode["node"][]>();
  for (const { node, owners } of owned) {
    for (const uid of new Set(owners)) {
      const others = ofOwner.get(uid);
      if (others === undefined) ofOwner.set(uid, [node]);
      else others.push(node);
    }
  }
  const shown = new Set<string>();
  for (const { uid = "" } of roots) if (uid !== "") shown.add(uid);
  const grow = (node: Omit<TreeNode, "children">, depth: number): TreeNode => {
    const { uid = "" } = node;
    const below = uid === "" || depth === maxDepth ? [] : (ofOwner.get(uid) ?? []);
    const children = below.toSorted(byName).flatMap((child) => {
      if (child.uid !== undefined && child.uid !== "") {
        if (shown.has(child.uid)) return [];
        shown.add(child.uid);
      }
      return [grow(child, depth + 1)];
    });
    return { ...node, children };
  };
  return roots.map((root) => grow(root, 0));
}

function byName(a: OwnedNode["node"], b: OwnedNode["node"]): number {
  const [first, second] = [`${a.kind}/${a.name}`, `${b.kind}/${b.name}`];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
