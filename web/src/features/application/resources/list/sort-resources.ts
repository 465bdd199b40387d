import { compareText } from "../../../../lib/compare-text.ts";
import type { Resource } from "../describe-resources.ts";

export type Column = "kind" | "namespace" | "name" | "sync" | "health" | "wave" | "age" | "images";

export interface Order {
  readonly column: Column;
  readonly isDown: boolean;
}

const worst = {
  health: ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"],
  sync: ["OutOfSync", "Unknown", "Synced"],
} as const;

/** In the order of a column; those that are the same in it by kind, namespace and name. */
export function sortResources(
  resources: readonly Resource[],
  { column, isDown }: Order,
): readonly Resource[] {
  const compare = comparisons[column];
  return resources.toSorted((a, b) => {
    const order = compare(a, b);
    if (order !== 0) return isDown ? -order : order;
    return (
      compareText(a.kind, b.kind) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name)
    );
  });
}

const comparisons: Readonly<Record<Column, (a: Resource, b: Resource) => number>> = {
  kind: (a, b) => compareText(a.kind, b.kind),
  namespace: (a, b) => compareText(a.namespace, b.namespace),
  name: (a, b) => compareText(a.name, b.name),
  sync: (a, b) => rank(worst.sync, a.sync) - rank(worst.sync, b.sync),
  health: (a, b) => rank(worst.health, a.health) - rank(worst.health, b.health),
  wave: (a, b) => a.wave - b.wave,
  // The youngest first; what does not live yet has no age.
  age: (a, b) => compareText(b.createdAt ?? "", a.createdAt ?? ""),
  images: (a, b) => compareText(a.images[0] ?? "", b.images[0] ?? ""),
};

/** What has no status comes last. */
function rank(order: readonly string[], status: string | undefined): number {
  const at = order.indexOf(status ?? "");
  return at === -1 ? order.length : at;
}

/** A click on a column sorts by it, and a second one the other way round. */
export function nextOrder(order: Order, column: Column): Order {
  return { column, isDown: order.column === column && !order.isDown };
}
