import type { FieldPath, PathElement } from "./path.ts";
import { compareElements } from "./path.ts";

/** A step in a set's tree: `member` says that the path up to here is in the set itself. */
export interface FieldNode {
  member: boolean;
  children: Map<PathElement, FieldNode> | undefined;
}

type FieldChildren = FieldNode["children"];

function emptyNode(): FieldNode {
  return { member: false, children: undefined };
}

/** A set of field paths, as `managedFields` records what one manager owns. */
export class FieldSet {
  readonly root: FieldNode;

  constructor(root: FieldNode = emptyNode()) {
    this.root = root;
  }

  static of(...paths: readonly FieldPath[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.add(path);
    return set;
  }

  /** Only for building a new set; sets that were handed on are not changed. */
  add(path: FieldPath): void {
    this.graft(path, { member: true, children: undefined });
  }

  /** Adds the members of a node below a path; only for building a new set. */
  graft(path: FieldPath, { member, children }: FieldNode): void {
    let node = this.root;
    for (const element of path) {
      node.children ??= new Map();
      let child = node.children.get(element);
      if (child === undefined) {
        child = emptyNode();
        node.children.set(element, child);
      }
      node = child;
    }
    if (path.length > 0) node.member ||= member;
    node.children = uniteChildren(node.children, children);
  }

  has(path: FieldPath): boolean {
    let node: FieldNode | undefined = this.root;
    for (const element of path) node = node?.children?.get(element);
    return node?.member ?? false;
  }

  isEmpty(): boolean {
    return !hasMembers(this.root);
  }

  /** This set itself when the other adds nothing. */
  union(other: FieldSet): FieldSet {
    const root = unite(this.root, other.root);
    return root === this.root ? this : new FieldSet(root);
  }

  /** What is in this set and not in the other; a parent does not stand for its children. This set itself when that is all. */
  difference(other: FieldSet): FieldSet {
    const root = subtract(this.root, other.root);
    return root === this.root ? this : new FieldSet(root);
  }

  intersection(other: FieldSet): FieldSet {
    return this.filter((path) => other.has(path));
  }

  equals(other: FieldSet): boolean {
    return sameNode(this.root, other.root);
  }

  /** The set that there was before, if this one is the same: what is known of that one need not be found out again. */
  orSame(before: FieldSet | undefined): FieldSet {
    return before?.equals(this) === true ? before : this;
  }

  filter(keep: (path: FieldPath) => boolean): FieldSet {
    return FieldSet.of(...this.paths().filter((path) => keep(path)));
  }

  /** Every member, parents before their children. */
  paths(): readonly FieldPath[] {
    const found: FieldPath[] = [];
    collect(this.root, [], found);
    return found;
  }

  /** Every member in the order in which the API server lists them: all members of a level, then what is below them. */
  orderedPaths(): readonly FieldPath[] {
    const found: FieldPath[] = [];
    collectInOrder(this.root, [], found);
    return found;
  }
}

function collectInOrder(node: FieldNode, path: FieldPath, found: FieldPath[]): void {
  const children = [...(node.children ?? [])].toSorted(([a], [b]) => compareElements(a, b));
  for (const [element, child] of children) if (child.member) found.push([...path, element]);
  for (const [element, child] of children) collectInOrder(child, [...path, element], found);
}

function collect(node: FieldNode, path: FieldPath, found: FieldPath[]): void {
  if (node.member) found.push(path);
  for (const [element, child] of node.children ?? []) collect(child, [...path, element], found);
}

/** True when the path of this node, or any below it, is in the set. */
export function hasMembers(node: FieldNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.member) return true;
  for (const child of node.children?.values() ?? []) {
    if (hasMembers(child)) return true;
  }
  return false;
}

/** Branches without a member count as absent. */
function sameNode(a: FieldNode | undefined, b: FieldNode | undefined): boolean {
  if (a === undefined || b === undefined) return !hasMembers(a) && !hasMembers(b);
  if (a.member !== b.member) return false;
  for (const [element, child] of a.children ?? []) {
    if (!sameNode(child, b.children?.get(element))) return false;
  }
  for (const [element, child] of b.children ?? []) {
    if (a.children?.has(element) !== true && hasMembers(child)) return false;
  }
  return true;
}

/** The first node itself when the other adds nothing to it. */
export function unite(a: FieldNode, b: FieldNode): FieldNode {
  const member = a.member || b.member;
  const children = uniteChildren(a.children, b.children);
  return member === a.member && children === a.children ? a : { member, children };
}

function uniteChildren(a: FieldChildren, b: FieldChildren): FieldChildren {
  if (a === undefined || b === undefined) return a ?? b;
  let united: Map<PathElement, FieldNode> | undefined;
  for (const [element, child] of b) {
    const mine = a.get(element);
    const both = mine === undefined ? child : unite(mine, child);
    if (both !== mine) (united ??= new Map(a)).set(element, both);
  }
  return united ?? a;
}

/** The first node itself when it has nothing of the other; branches that are left without a member go. */
function subtract(a: FieldNode, b: FieldNode): FieldNode {
  const member = a.member && !b.member;
  const children = subtractChildren(a.children, b.children);
  return member === a.member && children === a.children ? a : { member, children };
}

function subtractChildren(a: FieldChildren, b: FieldChildren): FieldChildren {
  if (a === undefined || b === undefined) return a;
  let left: Map<PathElement, FieldNode> | undefined;
  for (const [element, child] of b) {
    const mine = a.get(element);
    const rest = mine && subtract(mine, child);
    if (rest === undefined || rest === mine) continue;
    left ??= new Map(a);
    if (rest.member || rest.children !== undefined) left.set(element, rest);
    else left.delete(element);
  }
  return left?.size === 0 ? undefined : (left ?? a);
}
