import { compareText } from "../../../../lib/compare-text.ts";
import type { Resource } from "../describe-resources.ts";
import type { Filter } from "../filter-resources.ts";
import { isNarrowed, matches } from "../filter-resources.ts";
import type { Graph, GraphEdge, GraphNode } from "../graph/graph.ts";
import { formatKinds } from "../graph/graph.ts";

const rootId = "root";

/** Siblings of a kind with nothing below them: more than so many are one node. */
const maxLeaves = 5;
/** The same for those that something is below. */
const maxBranches = 12;

export interface TreeOptions {
  readonly filter: Filter;
  /** What somebody opened or closed, by id; the rest is as it is by itself. */
  readonly opened: ReadonlyMap<string, boolean>;
  /** Nothing is open but the root unless somebody opened it. */
  readonly isCompact: boolean;
}

/** The tree as it is drawn: who owns what, many of a kind as one, only what the filter leaves with what it belongs to. */
export function buildTree(resources: readonly Resource[], options: TreeOptions): Graph {
  const all = childrenOf(resources);
  const wanted = wantedOf(resources, all, options.filter);
  const children = new Map(
    [...all].map(([key, below]) => [key, below.filter((child) => wanted.has(child.key))] as const),
  );
  const nodes: GraphNode[] = [{ id: rootId, look: "root" }];
  const edges: GraphEdge[] = [];
  const drawn = new Set<string>();
  const place = (node: GraphNode, from: string): void => {
    nodes.push(node);
    edges.push({ from, to: node.id });
  };
  const grow = (parent: string, level: readonly Resource[]): void => {
    for (const branch of branchesOf(parent, level, (key) => belowOf(key).length > 0)) {
      if ("members" in branch) growGroup(parent, branch);
      else growOne(parent, branch.resource);
    }
  };
  const growGroup = (parent: string, group: Group): void => {
    const isOpen = options.opened.get(group.id) ?? false;
    place({ ...group, look: "group", isOpen }, parent);
    for (const member of isOpen ? group.members : []) growOne(group.id, member);
  };
  const belowOf = (key: string): readonly Resource[] => children.get(key) ?? [];
  const growOne = (parent: string, resource: Resource): void => {
    // Two that own each other would be drawn for ever.
    if (drawn.has(resource.key)) return;
    drawn.add(resource.key);
    const below = belowOf(resource.key);
    const isOpen = below.length === 0 ? undefined : (options.opened.get(resource.key) ?? !options.isCompact);
    const isDim = wanted.get(resource.key) === false;
    const count = below.length === 0 ? 0 : countBelow(resource.key, belowOf);
    place({ id: resource.key, look: "resource", resource, below: count, isOpen, isDim }, parent);
    if (isOpen === true) grow(resource.key, below);
  };
  grow(rootId, belowOf(rootId));
  return { nodes, edges };
}

/** By the key of the owner that is drawn; of several the first. Whose owners are unknown belongs to the root. */
function childrenOf(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const known = new Set(resources.map(({ key }) => key));
  const children = new Map<string, Resource[]>();
  for (const resource of resources) {
    const parent = resource.parents.find((key) => key !== resource.key && known.has(key)) ?? rootId;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [resource]);
    else siblings.push(resource);
  }
  return children;
}

/** What is shown: true for what the filter matches, false for what is there because of something below it. */
function wantedOf(
  resources: readonly Resource[],
  children: ReadonlyMap<string, readonly Resource[]>,
  filter: Filter,
): ReadonlyMap<string, boolean> {
  if (!isNarrowed(filter)) return new Map(resources.map(({ key }) => [key, true]));
  const wanted = new Map<string, boolean>(
    resources.filter((one) => matches(one, filter)).map(({ key }) => [key, true] as const),
  );
  const parentOf = new Map(
    [...children].flatMap(([parent, all]) => all.map(({ key }) => [key, parent] as const)),
  );
  const found = [...wanted.keys()];
  for (const key of found) {
    for (
      let up = parentOf.get(key);
      up !== undefined && up !== rootId && !wanted.has(up);
      up = parentOf.get(up)
    )
      wanted.set(up, false);
  }
  return wanted;
}

interface Group {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly members: readonly Resource[];
}

type Branch = { readonly resource: Resource } | Group;

/** Siblings by kind and name, with many of a kind as one; ReplicaSets that run nothing are what is left of earlier versions. */
function branchesOf(
  parent: string,
  siblings: readonly Resource[],
  hasBelow: (key: string) => boolean,
): readonly Branch[] {
  const kinds = Map.groupBy(siblings, ({ group, kind }) => `${group}/${kind}`);
  return [...kinds]
    .toSorted(([, [a]], [, [b]]) => compareText(a?.kind ?? "", b?.kind ?? ""))
    .flatMap(([id, all]): readonly Branch[] => {
      const sorted = all.toSorted((a, b) => compareText(a.name, b.name));
      const { branch = [], leaf = [] } = Object.groupBy(sorted, ({ key }) =>
        hasBelow(key) ? "branch" : "leaf",
      );
      const isOld = id === "apps/ReplicaSet" && branch.length > 0;
      return [
        ...gather(branch, { id: `${parent}>${id}>branch`, most: maxBranches, word: "" }),
        ...gather(leaf, { id: `${parent}>${id}`, most: isOld ? 1 : maxLeaves, word: isOld ? "old " : "" }),
      ];
    });
}

interface Gathering {
  readonly id: string;
  readonly most: number;
  readonly word: string;
}

function gather(members: readonly Resource[], { id, most, word }: Gathering): readonly Branch[] {
  if (members.length <= most) return members.map((resource) => ({ resource }));
  const kind = members[0]?.kind ?? "";
  const title = formatKinds(members.length, kind).replace(" ", ` ${word}`);
  return [{ id, title, kind, members }];
}

function countBelow(key: string, belowOf: (key: string) => readonly Resource[]): number {
  const seen = new Set([key]);
  const left = [...belowOf(key)];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next.key)) continue;
    seen.add(next.key);
    left.push(...belowOf(next.key));
  }
  return seen.size - 1;
}
