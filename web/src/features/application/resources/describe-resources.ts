import type { AnswerOf } from "../../../lib/api/index.ts";
import { formatKey } from "../../resource/resource-key.ts";
import type { Application } from "../application-query.ts";

export type Tree = AnswerOf<"application", "resourceTree">;
export type TreeNode = NonNullable<Tree["nodes"]>[number];
type Status = NonNullable<NonNullable<Application["status"]>["resources"]>[number];

/** A resource of an application: what the cluster tells of it, and what Git does. */
export interface Resource {
  readonly key: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Keys of those that own it; empty for what Git names. */
  readonly parents: readonly string[];
  readonly health: string | undefined;
  readonly healthMessage: string | undefined;
  /** Undefined for what Git does not name. */
  readonly sync: string | undefined;
  readonly wave: number;
  readonly isHook: boolean;
  /** A sync with pruning would delete it. */
  readonly isPruned: boolean;
  /** It is in a namespace of the application, and nobody says whose it is. */
  readonly isOrphan: boolean;
  /** Git names it, so that it can be synced. */
  readonly isManaged: boolean;
  /** It is in the cluster. */
  readonly isLive: boolean;
  readonly createdAt: string | undefined;
  readonly images: readonly string[];
  /** What a tree shows beside the name, such as `Containers`: `1/1`. */
  readonly info: Readonly<Record<string, string>>;
  readonly networking: TreeNode["networkingInfo"];
}

/** The resources of a tree with what the status says of them, and those that only the status names because they are missing. In the order of their keys. */
export function describeResources(tree: Tree | undefined, statuses: readonly Status[]): readonly Resource[] {
  const byKey = new Map(statuses.map((status) => [formatKey(status), status]));
  const resources = new Map<string, Resource>();
  for (const [nodes, isOrphan] of [
    [tree?.nodes ?? [], false],
    [tree?.orphanedNodes ?? [], true],
  ] as const) {
    for (const node of nodes) {
      const key = formatKey(node);
      if (!resources.has(key)) resources.set(key, describe(key, { node, status: byKey.get(key), isOrphan }));
    }
  }
  for (const [key, status] of byKey) {
    if (!resources.has(key)) resources.set(key, describe(key, { node: undefined, status, isOrphan: false }));
  }
  return [...resources.values()].toSorted((a, b) => compareKeys(a.key, b.key));
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Sides {
  readonly node: TreeNode | undefined;
  readonly status: Status | undefined;
  readonly isOrphan: boolean;
}

function describe(key: string, { node, status, isOrphan }: Sides): Resource {
  const { group = "", version = "", kind = "", namespace = "", name = "" } = node ?? status ?? {};
  const health = node?.health ?? status?.health;
  return {
    key,
    group,
    version,
    kind,
    namespace,
    name,
    uid: node?.uid ?? "",
    resourceVersion: node?.resourceVersion ?? "",
    parents: (node?.parentRefs ?? []).map((parent) => formatKey(parent)),
    health: health?.status ?? (node === undefined ? "Missing" : undefined),
    healthMessage: health?.message,
    sync: status?.status,
    wave: status?.syncWave ?? 0,
    isHook: status?.hook ?? false,
    isPruned: status?.requiresPruning ?? false,
    isOrphan,
    isManaged: status !== undefined,
    isLive: node !== undefined,
    createdAt: node?.createdAt,
    images: node?.images ?? [],
    info: Object.fromEntries((node?.info ?? []).map(({ name: title = "", value = "" }) => [title, value])),
    networking: node?.networkingInfo,
  };
}

/** The same list where nothing of it changed, and in a new one the same objects, so that what shows them is not drawn again. */
export function keepSame(before: readonly Resource[], after: readonly Resource[]): readonly Resource[] {
  const texts = new Map(before.map((one) => [one.key, one]));
  const kept = after.map((one) => {
    const old = texts.get(one.key);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(one) ? old : one;
  });
  return kept.length === before.length && kept.every((one, i) => one === before[i]) ? before : kept;
}
