import { stringify } from "yaml";

/** As people write Kubernetes objects. */
const first = ["apiVersion", "kind", "metadata", "name", "namespace"];

/** A JSON value as YAML, the fields of objects in one order, so that only what differs shows as different. */
export function toYaml(value: unknown): string {
  return stringify(ordered(value), { lineWidth: 0, aliasDuplicateObjects: false });
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => ordered(one));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = entries.toSorted(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, one]) => [name, ordered(one)]));
}

function rankOf(name: string): number {
  const rank = first.indexOf(name);
  return rank < 0 ? first.length : rank;
}
