import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey } from "#core/object/index.ts";
import type { PlanEntry, PlanRecord, PlanScope } from "./plan-record.ts";

const scopeNames = {
  app: "the application",
  server: "the cluster",
  namespace: "the destination namespace",
  revision: "the revision",
  dryRun: "whether it is a dry run",
  partial: "whether all resources are synced",
  rules: "the rules of what is ignored",
  key: "the key that values are hashed with",
  order: "the waves and what they wait for",
  refusals: "what the guards refuse",
} as const satisfies Record<keyof PlanScope, string>;

const scopeFields = Object.keys(scopeNames) as readonly (keyof PlanScope)[];
/** Their values are for people, too. */
const shownFields: readonly (keyof PlanScope)[] = ["server", "namespace", "revision"];

/**
 * How another plan differs from one that was approved, one line each: `+` what it does besides, `-` what it does not do any more, `~` what it
 * does otherwise, or to an object that is otherwise.
 */
export function listPlanChanges(approved: PlanRecord, now: PlanRecord): readonly string[] {
  const before = byIdentity(approved.entries);
  const after = byIdentity(now.entries);
  const lines = [
    ...[...after.values()].flatMap((entry) => changeOf(before.get(identityOf(entry)), entry)),
    ...[...before.values()]
      .filter((entry) => !after.has(identityOf(entry)))
      .map((entry) => `- ${formatEntry(entry)}`),
  ];
  const scope = scopeFields
    .filter((field) => approved.scope[field] !== now.scope[field])
    // The order follows from the entries.
    .filter((field) => field !== "order" || lines.length === 0)
    .map((field) => `~ ${formatScope(field, approved.scope, now.scope)}`);
  return [...scope, ...lines];
}

function changeOf(before: PlanEntry | undefined, now: PlanEntry): readonly string[] {
  if (before === undefined) return [`+ ${formatEntry(now)}`];
  const reasons = [
    ...(before.verb === now.verb ? [] : [`not ${before.verb} any more`]),
    ...(before.at === now.at ? [] : [`moved from ${before.at}`]),
    ...(before.does === now.does || before.verb !== now.verb ? [] : ["what is sent changed"]),
    ...(before.sees === now.sees ? [] : ["the live object changed"]),
  ];
  return reasons.length === 0 ? [] : [`~ ${formatEntry(now)}: ${reasons.join(", ")}`];
}

function formatScope(field: keyof PlanScope, before: PlanScope, now: PlanScope): string {
  const name = scopeNames[field];
  return shownFields.includes(field) ? `${name}: ${before[field]}, now ${now[field]}` : name;
}

/** `apply ConfigMap/shop/a (Sync 0)`. */
export function formatEntry({ verb, key, at }: PlanEntry): string {
  return `${verb} ${formatObjectKey(key)} (${at})`;
}

/** A hook may run in several phases; an object has one place. */
function identityOf({ verb, key, at }: PlanEntry): string {
  return verb === "hook" ? `${at.split(" ", 1)[0] ?? ""} ${key}` : key;
}

function byIdentity(entries: readonly PlanEntry[]): ReadonlyMap<string, PlanEntry> {
  return new Map(entries.map((entry) => [identityOf(entry), entry]));
}

export interface Begun {
  /** Objects that the operation has applied: they are not as they were when the plan was approved. */
  readonly touched: ReadonlySet<ObjectKey>;
}

/**
 * True when a plan is what is left of one that was begun: it does nothing that the other does not do, to the same objects. Its waits may
 * differ, and so may the live state of what was applied, and that of hooks, since a new try runs them again.
 */
export function isRemainder(approved: PlanRecord, now: PlanRecord, { touched }: Begun): boolean {
  const isSameScope = scopeFields.every(
    (field) => field === "order" || approved.scope[field] === now.scope[field],
  );
  const before = byIdentity(approved.entries);
  return (
    isSameScope &&
    now.entries.every((entry) => {
      const known = before.get(identityOf(entry));
      if (known === undefined || known.does !== entry.does) return false;
      return known.sees === entry.sees || entry.verb === "hook" || touched.has(entry.key);
    })
  );
}
