import type { Matcher } from "./matcher.ts";
import type { Rule } from "./rule.ts";
import type { Because, Decision, Through } from "./types.ts";

/** The rules of one name that may decide about an object, those that cannot having been left out. */
export interface Candidates {
  readonly through: Through;
  readonly denials: readonly Rule[];
  readonly allowances: readonly Rule[];
}

/**
 * Splits rules by their effect. Of those that follow one which every object with this prefix (`shop/`) matches none is ever reached, and they are
 * left out.
 */
export function candidatesOf(
  through: Through,
  rules: readonly Rule[],
  prefix: string | undefined,
): Candidates {
  return {
    through,
    denials: narrow(rules, "deny", prefix),
    allowances: narrow(rules, "allow", prefix),
  };
}

function narrow(rules: readonly Rule[], effect: Rule["effect"], prefix: string | undefined): readonly Rule[] {
  const some = rules.filter((rule) => rule.effect === effect);
  if (prefix === undefined) return some;
  const certain = some.findIndex(({ object }) => object.grows && object.test(prefix));
  return certain < 0 ? some : some.slice(0, certain + 1);
}

/** Whether any object with this prefix may match. */
export function mayMatch({ head }: Matcher, prefix: string | undefined): boolean {
  return prefix === undefined || prefix.startsWith(head) || head.startsWith(prefix);
}

/** The first name that is allowed the object: one of its lines allows it, and none denies it. */
export function allowanceOf(all: readonly Candidates[], object: string): Decision | undefined {
  for (const { through, denials, allowances } of all) {
    const allowed = matching(allowances, object);
    if (allowed === undefined || matching(denials, object) !== undefined) continue;
    return { allowed: true, because: becauseOf(allowed, through) };
  }
  return undefined;
}

/** Why nobody was allowed it: the first line that denies it to a name that it would be allowed to, else the first that denies it. */
export function denialOf(all: readonly Candidates[], object: string): Decision {
  const denied = all.flatMap(({ through, denials, allowances }) => {
    const rule = matching(denials, object);
    const wouldBe = matching(allowances, object) !== undefined;
    return rule === undefined ? [] : [{ wouldBe, because: becauseOf(rule, through) }];
  });
  const first = denied.find(({ wouldBe }) => wouldBe) ?? denied[0];
  return { allowed: false, because: first?.because };
}

function matching(rules: readonly Rule[], object: string): Rule | undefined {
  return rules.find((rule) => rule.object.test(object));
}

function becauseOf({ origin }: Rule, through: Through): Because {
  return { ...origin, through };
}
