import type { AppKey } from "#core/app/index.ts";

/** On whom each Application depends. */
export type Edges = ReadonlyMap<AppKey, readonly AppKey[]>;

interface Visit {
  readonly key: AppKey;
  readonly index: number;
  /** The lowest index that can be reached from here on the stack. */
  low: number;
  next: number;
}

/**
 * For each Application that depends on itself, by way of others or not, a shortest way round: one of them, those between, and that one again.
 * One pass over all edges (Tarjan's strongly connected components), without recursion: chains may be long.
 */
export function findCycles(edges: Edges): ReadonlyMap<AppKey, readonly AppKey[]> {
  const cycles = new Map<AppKey, readonly AppKey[]>();
  for (const component of componentsOf(edges)) {
    const [first] = component;
    const isAlone = component.size === 1 && first !== undefined && edges.get(first)?.includes(first) !== true;
    if (isAlone) continue;
    const shared =
      component.size > maxSearched && first !== undefined ? wayRound(first, component, edges) : undefined;
    for (const key of component) cycles.set(key, shared ?? wayRound(key, component, edges));
  }
  return cycles;
}

function componentsOf(edges: Edges): readonly ReadonlySet<AppKey>[] {
  const components: Set<AppKey>[] = [];
  const visits = new Map<AppKey, Visit>();
  const onStack = new Set<AppKey>();
  const stack: AppKey[] = [];
  const path: Visit[] = [];
  const enter = (key: AppKey): void => {
    const visit: Visit = { key, index: visits.size, low: visits.size, next: 0 };
    visits.set(key, visit);
    path.push(visit);
    stack.push(key);
    onStack.add(key);
  };
  const leave = (visit: Visit): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) parent.low = Math.min(parent.low, visit.low);
    if (visit.low === visit.index) components.push(takeComponent(visit.key, stack, onStack));
  };
  for (const root of edges.keys()) {
    if (!visits.has(root)) enter(root);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const to = edges.get(visit.key)?.[visit.next];
      visit.next += 1;
      if (to === undefined) leave(visit);
      else if (!visits.has(to)) enter(to);
      else if (onStack.has(to)) visit.low = Math.min(visit.low, visits.get(to)?.index ?? visit.low);
    }
  }
  return components;
}

function takeComponent(root: AppKey, stack: AppKey[], onStack: Set<AppKey>): Set<AppKey> {
  const component = new Set<AppKey>();
  for (let key = stack.pop(); key !== undefined; key = stack.pop()) {
    onStack.delete(key);
    component.add(key);
    if (key === root) break;
  }
  return component;
}

/** So many that depend on each other have a way round of their own each; of more than that one way is told to all. */
const maxSearched = 1_000;

function wayRound(start: AppKey, component: ReadonlySet<AppKey>, edges: Edges): readonly AppKey[] {
  const cameFrom = new Map<AppKey, AppKey>();
  let front: readonly AppKey[] = [start];
  while (front.length > 0 && !cameFrom.has(start)) {
    const reached: AppKey[] = [];
    const steps = front.flatMap((from) => (edges.get(from) ?? []).map((to) => [from, to] as const));
    for (const [from, to] of steps) {
      if (!component.has(to) || cameFrom.has(to)) continue;
      cameFrom.set(to, from);
      reached.push(to);
    }
    front = reached;
  }
  const way: AppKey[] = [start];
  for (let at = cameFrom.get(start); at !== undefined && at !== start; at = cameFrom.get(at)) way.unshift(at);
  return [start, ...way];
}
