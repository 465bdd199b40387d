import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf } from "#core/object/index.ts";

export const indexAnnotation = "batch.kubernetes.io/job-completion-index";

export function indexOf(pod: KubeObject): number {
  return Number(annotationsOf(pod)[indexAnnotation] ?? -1);
}

/** The numbers of `0,2-5,9`. */
export function parseIndexes(text: string): ReadonlySet<number> {
  const indexes = new Set<number>();
  for (const part of text.split(",")) {
    const [first, last = first] = part.split("-").map(Number);
    if (part === "" || first === undefined || last === undefined) continue;
    for (let index = first; index <= last; index += 1) indexes.add(index);
  }
  return indexes;
}

/** Numbers as `0,2-5,9`. */
export function formatIndexes(indexes: Iterable<number>): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}
