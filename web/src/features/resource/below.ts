import type { Resource } from "../application/resources/describe-resources.ts";

/** What a resource owns, directly and through others. */
export function resourcesBelow(resources: readonly Resource[], key: string): readonly Resource[] {
  const children = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const parent of resource.parents) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [resource]);
      else siblings.push(resource);
    }
  }
  const found = new Map<string, Resource>();
  const left = [key];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const child of children.get(at) ?? []) {
      if (found.has(child.key) || child.key === key) continue;
      found.set(child.key, child);
      left.push(child.key);
    }
  }
  return [...found.values()];
}

/** The Pods whose logs are those of a resource: itself, or what it runs. */
export function podsBelow(resources: readonly Resource[], key: string): readonly Resource[] {
  const itself = resources.filter((one) => one.key === key);
  return [...itself, ...resourcesBelow(resources, key)].filter(
    ({ group, kind, isLive }) => group === "" && kind === "Pod" && isLive,
  );
}

/** `1 ReplicaSet and 3 Pods`, as one says what goes with something. */
export function countKinds(
  resources: readonly Resource[],
): readonly (readonly [kind: string, count: number])[] {
  const counts = Map.groupBy(resources, ({ kind }) => kind);
  return [...counts]
    .map(([kind, all]) => [kind, all.length] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
