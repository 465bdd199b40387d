import type { Resource } from "../describe-resources.ts";

interface NodeBase {
  readonly id: string;
}

/** The application itself. */
interface RootNode extends NodeBase {
  readonly look: "root";
}

export interface ResourceNode extends NodeBase {
  readonly look: "resource";
  readonly resource: Resource;
  /** How many resources are below it in all. */
  readonly below: number;
  /** Whether what is below it is drawn; undefined when nothing is. */
  readonly isOpen: boolean | undefined;
  /** It is there because of what is below it, and is none of those that are looked for. */
  readonly isDim: boolean;
}

/** Many of a kind, as one. */
export interface GroupNode extends NodeBase {
  readonly look: "group";
  readonly title: string;
  readonly kind: string;
  readonly members: readonly Resource[];
  readonly isOpen: boolean;
}

/** Where traffic comes from. */
interface OutsideNode extends NodeBase {
  readonly look: "outside";
}

export type GraphNode = RootNode | ResourceNode | GroupNode | OutsideNode;

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** Nodes in the order in which they are drawn from above. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the upper left corner of each node is. */
export type Layout = ReadonlyMap<string, Point>;

export const nodeWidth = 236;
export const nodeHeight = 60;
export const gapX = 56;
export const gapY = 12;

const worstFirst = ["Degraded", "Missing", "Progressing", "Suspended", "Unknown", "Healthy"];

/** How many there are of each health, the worst first; what has none is left out. */
export function healthCounts(members: readonly Resource[]): readonly (readonly [string, number])[] {
  return worstFirst
    .map((health) => [health, members.filter((one) => one.health === health).length] as const)
    .filter(([, count]) => count > 0);
}

/** `3 Pods`, `1 Ingress`, `2 NetworkPolicies`. */
export function formatKinds(count: number, kind: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? kind : pluralOf(kind)}`;
}

function pluralOf(kind: string): string {
  if (/(?:s|x|ch|sh)$/u.test(kind)) return kind === "Endpoints" ? kind : `${kind}es`;
  return /[^aeiou]y$/u.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
