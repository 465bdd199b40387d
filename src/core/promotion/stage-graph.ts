interface Node {
  readonly name: string;
  readonly after: readonly string[];
}

/** The names of a circle, which ends with the name that it begins with; undefined where there is none. */
export function findCycle(nodes: readonly Node[]): readonly string[] | undefined {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const clean = new Set<string>();
  const visit = (name: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (clean.has(name)) return undefined;
    for (const other of byName.get(name)?.after ?? []) {
      const found = visit(other, [...way, name]);
      if (found !== undefined) return found;
    }
    clean.add(name);
    return undefined;
  };
  for (const { name } of nodes) {
    const found = visit(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
