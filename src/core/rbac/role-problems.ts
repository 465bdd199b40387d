import { problemAt } from "./parse-policy.ts";
import type { Membership } from "./rule.ts";
import { maxRoleDepth } from "./rule-book.ts";
import type { RbacProblem } from "./types.ts";

interface Visit {
  readonly name: string;
  readonly edges: readonly Membership[];
  next: number;
  /** The longest way down from here, as far as it is known. */
  depth: number;
}

/** Memberships that lead back to where they began, and chains of roles that are longer than is followed. */
export function roleProblems(memberships: readonly Membership[]): readonly RbacProblem[] {
  const edges = Map.groupBy(memberships, ({ member }) => member);
  const depths = new Map<string, number>();
  const problems: RbacProblem[] = [];
  for (const name of edges.keys()) if (!depths.has(name)) descend(name, { edges, depths, problems });
  return problems;
}

interface Graph {
  readonly edges: ReadonlyMap<string, readonly Membership[]>;
  /** Of names that are done with. */
  readonly depths: Map<string, number>;
  readonly problems: RbacProblem[];
}

/** Without recursion: a chain may be as long as a policy. */
function descend(start: string, graph: Graph): void {
  const visit = (name: string): Visit => ({ name, edges: graph.edges.get(name) ?? [], next: 0, depth: 0 });
  const path = [visit(start)];
  const onPath = new Set([start]);
  for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
    const edge = here.edges[here.next];
    if (edge === undefined) {
      path.pop();
      onPath.delete(here.name);
      finish(here, path.at(-1), graph);
      continue;
    }
    const known = graph.depths.get(edge.role);
    const isCycle = onPath.has(edge.role);
    if (isCycle) graph.problems.push(problemAt(edge.origin, "warning", circle(edge)));
    if (known !== undefined) here.depth = Math.max(here.depth, known + 1);
    if (known !== undefined || isCycle) here.next += 1;
    else {
      path.push(visit(edge.role));
      onPath.add(edge.role);
    }
  }
}

function finish({ name, depth, edges }: Visit, above: Visit | undefined, graph: Graph): void {
  graph.depths.set(name, depth);
  const [first] = edges;
  if (depth === maxRoleDepth + 1 && first !== undefined) {
    const text = `more than ${maxRoleDepth} roles follow one another from ${JSON.stringify(name)}; of those further on only denials count; shorten the chain`;
    graph.problems.push(problemAt(first.origin, "warning", text));
  }
  if (above !== undefined) above.depth = Math.max(above.depth, depth + 1);
}

function circle({ member, role }: Membership): string {
  return `${JSON.stringify(member)} has ${JSON.stringify(role)}, which has it; remove one of the lines`;
}
