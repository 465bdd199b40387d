import type { HealthCheck } from "../check.ts";
import type { Fields } from "../fields.ts";
import type { Health } from "../health.ts";
import { health } from "../health.ts";
import { currentConditions, generationOf, hasStatus, wordsOf } from "./conditions.ts";

/** What is worth waiting for, because the next look of the controller may change it. */
const passing: ReadonlySet<string> = new Set(["Pending", "AddressNotAssigned", "Waiting", "Reconciling"]);

/** What must hold; other conditions, such as Conflicted, are bad when True and have one of these beside them. */
const wanted: ReadonlySet<string> = new Set([
  "Accepted",
  "ResolvedRefs",
  "Programmed",
  "Ready",
  "Reconciled",
]);

/** A Gateway and its listeners. */
export const gatewayHealth: HealthCheck = (object) => {
  const own = conditionsIn(object, ["status", "conditions"], object);
  const listeners = object.list("status", "listeners").flatMap((listener) => {
    const name = listener.words("name");
    return conditionsIn(listener, ["conditions"], object).map((found) => ({
      ...found,
      of: `listener ${name}`,
    }));
  });
  const failed = worstOf([...own, ...listeners]);
  if (failed !== undefined) return failed;
  const programmed = own.some(
    ({ condition }) => isTrue(condition, "Programmed") || isTrue(condition, "Ready"),
  );
  return programmed ? health("Healthy") : health("Progressing", "Waiting for condition Programmed");
};

/** A route: what each of its parents says of it. */
export const routeHealth: HealthCheck = (object) => {
  if (object.list("spec", "parentRefs").length === 0) return undefined;
  return healthByReferences(object, ["status", "parents"], "parentRef");
};

/** A policy: what each of the things that it is attached to says of it. */
export const policyHealth: HealthCheck = (object) =>
  healthByReferences(object, ["status", "ancestors"], "ancestorRef");

function healthByReferences(object: Fields, path: readonly string[], reference: string): Health {
  const conditions = object.list(...path).flatMap((parent) => {
    const of = [parent.words(reference, "kind") || "Gateway", parent.words(reference, "name")].join("/");
    return conditionsIn(parent, ["conditions"], object).map((found) => ({ ...found, of }));
  });
  const failed = worstOf(conditions);
  if (failed !== undefined) return failed;
  const accepted = conditions.some(({ condition }) => isTrue(condition, "Accepted"));
  return accepted ? health("Healthy") : health("Progressing", `Waiting for ${path.join(".")} to accept it`);
}

interface Found {
  readonly condition: Fields;
  /** Whose condition it is; empty for the object's own. */
  readonly of: string;
}

function conditionsIn(holder: Fields, path: readonly string[], object: Fields): readonly Found[] {
  return currentConditions(holder.list(...path), generationOf(object)).map((condition) => ({
    condition,
    of: "",
  }));
}

function worstOf(all: readonly Found[]): Health | undefined {
  const unmet = all.filter(
    ({ condition }) => wanted.has(condition.text("type")) && !hasStatus(condition, "True"),
  );
  const failed = unmet.find(
    ({ condition }) => hasStatus(condition, "False") && !passing.has(condition.words("reason")),
  );
  if (failed !== undefined) return health("Degraded", describe(failed));
  const [first] = unmet;
  return first === undefined ? undefined : health("Progressing", describe(first));
}

function describe({ condition, of }: Found): string {
  const words = wordsOf(condition) || `${condition.text("type")} is ${condition.text("status")}`;
  return of === "" ? words : `${of}: ${words}`;
}

function isTrue(condition: Fields, type: string): boolean {
  return condition.text("type") === type && hasStatus(condition, "True");
}
