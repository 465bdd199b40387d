import { compareText } from "../../../lib/compare-text.ts";
import type { Resource } from "./describe-resources.ts";

/** What of the resources is shown; an empty set leaves nothing out. */
export interface Filter {
  readonly text: string;
  readonly kinds: ReadonlySet<string>;
  readonly health: ReadonlySet<string>;
  readonly sync: ReadonlySet<string>;
}

export type Facet = "kinds" | "health" | "sync";

export const noFilter: Filter = { text: "", kinds: new Set(), health: new Set(), sync: new Set() };

export function isNarrowed({ text, kinds, health, sync }: Filter): boolean {
  return text.trim() !== "" || kinds.size + health.size + sync.size > 0;
}

/** Whether a resource is one of those that are looked for: every word of the text is in its kind, namespace, name or images. */
export function matches(resource: Resource, { text, kinds, health, sync }: Filter): boolean {
  if (kinds.size > 0 && !kinds.has(resource.kind)) return false;
  if (health.size > 0 && !health.has(valueOf(resource, "health"))) return false;
  if (sync.size > 0 && !sync.has(valueOf(resource, "sync"))) return false;
  const words = text.toLowerCase().split(/\s+/u);
  const { kind, namespace, name, images } = resource;
  const searched = `${kind} ${namespace} ${name} ${images.join(" ")}`.toLowerCase();
  return words.every((word) => searched.includes(word));
}

/** What a filter sees of a resource; what has no health or is not compared counts as such. */
export function valueOf(resource: Resource, facet: Facet): string {
  if (facet === "kinds") return resource.kind;
  if (facet === "health") return resource.health ?? "None";
  return resource.sync ?? "None";
}

/** The values of a facet with how many there are of each, the names in their order. */
export function countsOf(
  resources: readonly Resource[],
  facet: Facet,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const value = valueOf(resource, facet);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].toSorted(([a], [b]) => compareText(a, b));
}

/** The same with a value added, or taken away if it was there. */
export function toggled(filter: Filter, facet: Facet, value: string): Filter {
  const values = new Set(filter[facet]);
  if (!values.delete(value)) values.add(value);
  return { ...filter, [facet]: values };
}
