import type { Membership, Rule } from "./rule.ts";
import { everybody } from "./rule.ts";

/** Rules and memberships by the name that they are about. */
export interface RuleBook {
  readonly rulesOf: ReadonlyMap<string, readonly Rule[]>;
  readonly rolesOf: ReadonlyMap<string, readonly string[]>;
}

export function bookOf(rules: readonly Rule[], memberships: readonly Membership[]): RuleBook {
  const roles = Map.groupBy(memberships, ({ member }) => member);
  return {
    rulesOf: Map.groupBy(rules, ({ subject }) => subject),
    rolesOf: new Map([...roles].map(([member, found]) => [member, found.map(({ role }) => role)])),
  };
}

/** As many memberships are followed from a name as Argo CD follows. */
export const maxRoleDepth = 10;

/**
 * Every name whose rules apply to this one, itself first, with the number of memberships between them. Names are compared whole: there are no
 * patterns in subjects and roles. Cycles end where they began.
 */
export function reach(name: string, books: readonly RuleBook[]): ReadonlyMap<string, number> {
  const reached = new Map([[name, 0]]);
  for (const [member, depth] of reached) {
    const roles = books.flatMap((book) => book.rolesOf.get(member) ?? []);
    for (const role of roles) if (!reached.has(role)) reached.set(role, depth + 1);
  }
  return reached;
}

/** The rules of all names that are reached, by book, then by name, and those for everybody. Of roles that are too far away the denials alone. */
export function rulesFor(reached: ReadonlyMap<string, number>, books: readonly RuleBook[]): readonly Rule[] {
  return books.flatMap((book) =>
    [...reached, [everybody, 0] as const].flatMap(([name, depth]) => {
      const rules = book.rulesOf.get(name) ?? [];
      return depth <= maxRoleDepth ? rules : rules.filter(({ effect }) => effect === "deny");
    }),
  );
}
