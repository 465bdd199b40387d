import type { Asker, AskedName } from "./asker.ts";
import type { Candidates } from "./candidates.ts";
import { candidatesOf, mayMatch } from "./candidates.ts";
import type { Rule } from "./rule.ts";
import type { RuleBook } from "./rule-book.ts";
import type { AccessRequest } from "./types.ts";

/** Where an object is: what is the same for all objects of a project. */
interface Place {
  /** Whose roles are asked, if it exists. */
  readonly project: string | undefined;
  readonly book: RuleBook | undefined;
  /** What the object begins with up to its first slash, which it includes. */
  readonly prefix: string | undefined;
}

export type Lookup = (place: Place) => readonly Candidates[];

interface Entry {
  /** The name's place among the asker's. */
  readonly name: number;
  /** The rule's place among the name's. */
  readonly order: number;
  readonly rule: Rule;
}

/**
 * Prepares the rules for one resource and action: those whose objects all begin with the same `project/` are found by it, so that a place costs
 * what is said of it.
 */
export function createLookup(
  asker: Asker,
  { resource, action }: Pick<AccessRequest, "resource" | "action">,
): Lookup {
  const concerned = (rules: readonly Rule[]) =>
    rules.filter((rule) => rule.resource.test(resource) && rule.action.test(action));
  const entries = asker.names.flatMap(({ rules, counts }, name) =>
    counts ? concerned(rules).map((rule, order): Entry => ({ name, order, rule })) : [],
  );
  const byPrefix = Map.groupBy(entries, ({ rule }) => prefixOf(rule));
  const anywhere = byPrefix.get(undefined) ?? [];
  const entriesAt = (prefix: string | undefined): readonly Entry[] => {
    if (prefix === undefined) return entries;
    const some = anywhere.filter(({ rule }) => mayMatch(rule.object, prefix));
    return [...(byPrefix.get(prefix) ?? []), ...some].toSorted((a, b) => a.order - b.order);
  };
  return ({ project, book, prefix }) => {
    const found = Map.groupBy(entriesAt(prefix), ({ name }) => name);
    const general = (name: number) => (found.get(name) ?? []).map(({ rule }) => rule);
    const special = ({ rules }: Pick<AskedName, "rules">) =>
      concerned(rules).filter(({ object }) => mayMatch(object, prefix));
    const named = rulesAt({ asker, project, book }, { places: found.keys(), general, special });
    return withoutRepeats(named).map(([through, rules]) => candidatesOf(through, rules, prefix));
  };
}

function prefixOf({ object }: Rule): string | undefined {
  const slash = object.head.indexOf("/");
  return slash < 0 ? undefined : object.head.slice(0, slash + 1);
}

interface Where {
  readonly asker: Asker;
  readonly project: string | undefined;
  readonly book: RuleBook | undefined;
}

interface Found {
  /** Names that have rules of the general policy here. */
  readonly places: Iterable<number>;
  general(name: number): readonly Rule[];
  special(name: Pick<AskedName, "rules">): readonly Rule[];
}

type Named = readonly [AskedName["through"], readonly Rule[]];

/** Of names with the same rules, such as groups with the same role, the first one. */
function withoutRepeats(named: readonly Named[]): readonly Named[] {
  const kept: Named[] = [];
  for (const one of named) if (!kept.some((other) => areSame(one[1], other[1]))) kept.push(one);
  return kept;
}

function areSame(some: readonly Rule[], others: readonly Rule[]): boolean {
  return some.length === others.length && some.every((rule, i) => rule === others[i]);
}

/** A token of a project has nothing in another one but what everybody has. What everybody has is not bound by the project. */
function rulesAt({ asker, project, book }: Where, found: Found): readonly Named[] {
  const touched = new Set(book === undefined ? [] : asker.touchedBy(book));
  const isForeign = book !== undefined && asker.ownProject !== undefined && asker.ownProject !== project;
  const isToken = book !== undefined && asker.ownProject !== undefined;
  const all = [...new Set([...found.places, ...touched])].toSorted((a, b) => a - b);
  return all.flatMap((place): readonly Named[] => {
    const name = asker.names[place];
    if (name === undefined) return [];
    const { through } = name;
    const general: Named = [through, found.general(place)];
    const isDefault = through.kind === "policy.default";
    if (isForeign) return isDefault ? [general] : [];
    if (isToken && through.kind === "group") return [];
    if (book === undefined || !touched.has(place)) return [general];
    if (!name.counts && !book.rolesOf.has(through.name)) return [];
    const special: Named = [through, found.special({ rules: asker.rulesIn(name, book) })];
    return isDefault ? [general, special] : [special];
  });
}
