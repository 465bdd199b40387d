import type { CompiledPolicy } from "./compile-policy.ts";
import { projectOfSubject } from "./project-roles.ts";
import type { Rule } from "./rule.ts";
import { everybody } from "./rule.ts";
import type { RuleBook } from "./rule-book.ts";
import { reach, rulesFor } from "./rule-book.ts";
import type { AccessSubject, Through } from "./types.ts";

/** A name that an asker counts as, and the rules that apply to it, without those of projects. */
export interface AskedName {
  readonly through: Through;
  readonly rules: readonly Rule[];
  /** A group counts where a `g` line names it, even if it has rules of its own. */
  readonly counts: boolean;
}

export interface Asker {
  /** In the order in which they are judged: the default role, the own name, the groups. */
  readonly names: readonly AskedName[];
  /** The project whose token this is. */
  readonly ownProject: string | undefined;
  /** Which of the names, by their places, a project has something to say of. */
  touchedBy(book: RuleBook): readonly number[];
  /** The rules that apply to a name where a project is asked, too. */
  rulesIn(name: AskedName, book: RuleBook): readonly Rule[];
}

export function createAsker(policy: CompiledPolicy, subject: AccessSubject): Asker {
  const throughs = throughsOf(policy.defaultRole, subject);
  const reached = throughs.map(({ name }) => reach(name, [policy.book]));
  const places = placesOf(reached);
  const names = throughs.map((through, i): AskedName => {
    const counts = through.kind !== "group" || policy.book.rolesOf.has(through.name);
    return { through, rules: rulesFor(reached[i] ?? new Map(), [policy.book]), counts };
  });
  return {
    names,
    ownProject: projectOfSubject(subject.subject),
    touchedBy: (book) => {
      if (book.rulesOf.has(everybody)) return names.map((_, i) => i);
      const said = [...book.rolesOf.keys(), ...book.rulesOf.keys()];
      return [...new Set(said.flatMap((name) => places.get(name) ?? []))].toSorted((a, b) => a - b);
    },
    rulesIn: ({ through }, book) => {
      const books = [policy.book, book];
      return rulesFor(reach(through.name, books), books);
    },
  };
}

function throughsOf(defaultRole: string, { subject, groups }: AccessSubject): readonly Through[] {
  const all: readonly Through[] = [
    { kind: "policy.default", name: defaultRole },
    { kind: "subject", name: subject },
    ...[...new Set(groups)].map((name) => ({ kind: "group", name }) as const),
  ];
  return all.filter(({ name }) => name !== everybody);
}

/** From which of the names each name is reached. */
function placesOf(reached: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  reached.forEach((names, i) => {
    for (const name of names.keys()) {
      const known = places.get(name);
      if (known === undefined) places.set(name, [i]);
      else known.push(i);
    }
  });
  return places;
}
