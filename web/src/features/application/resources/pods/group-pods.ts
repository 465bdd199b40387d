import { compareText } from "../../../../lib/compare-text.ts";
import type { Resource } from "../describe-resources.ts";
import { parseKey } from "../../../resource/resource-key.ts";

export type PodGrouping = "owner" | "node";

export interface PodGroup {
  readonly id: string;
  readonly title: string;
  readonly pods: readonly Resource[];
}

export function isPod({ group, kind }: Resource): boolean {
  return group === "" && kind === "Pod";
}

/** Pods by the node they run on, or by what they belong to in the end: not the ReplicaSet but its Deployment. */
export function groupPods(
  resources: readonly Resource[],
  pods: readonly Resource[],
  by: PodGrouping,
): readonly PodGroup[] {
  const byKey = new Map(resources.map((one) => [one.key, one]));
  const groups = Map.groupBy(pods, (pod) => (by === "node" ? (pod.info["Node"] ?? "") : topOf(pod, byKey)));
  return [...groups]
    .map(([id, members]) => ({
      id,
      title: by === "node" ? (id === "" ? "On no node yet" : id) : titleOf(id),
      pods: members.toSorted((a, b) => compareText(a.name, b.name)),
    }))
    .toSorted((a, b) => Number(a.id === "") - Number(b.id === "") || compareText(a.title, b.title));
}

function topOf(pod: Resource, byKey: ReadonlyMap<string, Resource>): string {
  let top = pod.key === "" ? "" : (pod.parents[0] ?? "");
  const seen = new Set([pod.key]);
  while (!seen.has(top)) {
    seen.add(top);
    const above = byKey.get(top)?.parents[0];
    if (above === undefined) return top;
    top = above;
  }
  return top;
}

function titleOf(key: string): string {
  const name = parseKey(key);
  return name === undefined ? "Pods of their own" : `${name.kind} ${name.name}`;
}

export type PodRow =
  | { readonly look: "title"; readonly group: PodGroup }
  | { readonly look: "tiles"; readonly pods: readonly Resource[]; readonly group: PodGroup };

/** Titles and lines of tiles, one below the other. */
export function podRows(groups: readonly PodGroup[], columns: number): readonly PodRow[] {
  return groups.flatMap((group): readonly PodRow[] => [
    { look: "title", group },
    ...Array.from({ length: Math.ceil(group.pods.length / columns) }, (_, line): PodRow => ({
      look: "tiles",
      group,
      pods: group.pods.slice(line * columns, (line + 1) * columns),
    })),
  ]);
}
