import type { HealthCheck } from "../check.ts";
import type { Fields } from "../fields.ts";
import type { Health } from "../health.ts";
import { health } from "../health.ts";
import { conditionOf, currentConditions, generationOf, hasStatus, isBehind, wordsOf } from "./conditions.ts";
import type { ConditionTerm, FieldTerm, Term, Test } from "./parse-test.ts";
import { parseTest } from "./parse-test.ts";
import type { RuleState, TestedRow } from "./rule.ts";
import { ruleStates } from "./rule.ts";

interface Subject {
  readonly object: Fields;
  readonly conditions: readonly Fields[];
}

interface Rule {
  readonly tests: ReadonlyMap<RuleState, Test>;
  readonly otherwise: NonNullable<TestedRow["otherwise"]>;
  readonly messages: readonly (readonly string[])[];
}

/** The check that a row of tests stands for; the texts are read once, here. */
export function checkOfRow(row: TestedRow): HealthCheck {
  const tests = new Map<RuleState, Test>();
  for (const state of ruleStates) {
    const text = row[state];
    if (text !== undefined) tests.set(state, parseTest(text));
  }
  const rule: Rule = {
    tests,
    otherwise: row.otherwise ?? "Progressing",
    messages: (row.message ?? "").split(" ").map(pathOf),
  };
  return (object) => assessBy(rule, object);
}

function pathOf(text: string): readonly string[] {
  return text.split(".").filter((part) => part !== "");
}

function assessBy(rule: Rule, object: Fields): Health | undefined {
  const conditions = currentConditions(object.list("status", "conditions"), generationOf(object));
  const subject: Subject = { object, conditions };
  const suspended = verdictOf("Suspended", rule, subject);
  if (suspended !== undefined) return suspended;
  if (isBehind(object))
    return health("Progressing", `Waiting for generation ${generationOf(object)} to be observed`);
  for (const state of ruleStates) {
    const verdict = verdictOf(state, rule, subject);
    if (verdict !== undefined) return verdict;
  }
  if (rule.otherwise === "nothing") return undefined;
  return health(rule.otherwise, rule.otherwise === "Healthy" ? "" : awaitedOf(rule, subject));
}

function verdictOf(state: RuleState, rule: Rule, subject: Subject): Health | undefined {
  const held = rule.tests.get(state)?.find((terms) => terms.every((term) => holds(term, subject)));
  if (held === undefined) return undefined;
  return health(state, messageOf(held, rule, subject));
}

function holds({ negated, subject: term }: Term, subject: Subject): boolean {
  const found =
    "path" in term ? fieldHolds(term, subject.object) : findCondition(term, subject) !== undefined;
  return found !== negated;
}

function findCondition(term: ConditionTerm, { conditions }: Subject): Fields | undefined {
  return conditions.find(
    (condition) =>
      (term.type === "*" || condition.text("type") === term.type) &&
      hasStatus(condition, term.status) &&
      (term.reasons.size === 0 || term.reasons.has(condition.words("reason")) !== term.exceptReasons),
  );
}

function fieldHolds({ path, values, exceptValues }: FieldTerm, object: Fields): boolean {
  if (values === undefined) return object.filled(...path);
  const value = object.text(...path).toLowerCase();
  return value !== "" && values.has(value) !== exceptValues;
}

/** The words of the condition that decided, else those of the row's fields, else the field that decided. */
function messageOf(held: readonly Term[], rule: Rule, subject: Subject): string {
  const said = held
    .map(({ negated, subject: term }) =>
      negated || "path" in term ? undefined : findCondition(term, subject),
    )
    .map((condition) => (condition === undefined ? "" : wordsOf(condition)))
    .find((words) => words !== "");
  if (said !== undefined) return said;
  return (
    fieldWords(rule, subject) ||
    held.map((term) => valueWords(term, subject)).find((words) => words !== "") ||
    ""
  );
}

function fieldWords({ messages }: Rule, { object }: Subject): string {
  return messages.map((path) => object.words(...path)).find((words) => words !== "") ?? "";
}

function valueWords({ negated, subject: term }: Term, { object }: Subject): string {
  if (negated || !("path" in term) || term.values === undefined) return "";
  return `${term.path.join(".")} is ${object.text(...term.path)}`;
}

/** What is waited for, and how it stands. */
function awaitedOf(rule: Rule, subject: Subject): string {
  const said = fieldWords(rule, subject);
  if (said !== "") return said;
  const [term] = rule.tests.get("Healthy")?.[0] ?? [];
  if (term === undefined) return "Waiting for status";
  return "path" in term.subject
    ? awaitedField(term.subject, subject)
    : awaitedCondition(term.subject, subject);
}

function awaitedField({ path }: FieldTerm, { object }: Subject): string {
  const value = object.words(...path);
  return value === "" ? `Waiting for ${path.join(".")}` : `${path.join(".")} is ${value}`;
}

function awaitedCondition({ type }: ConditionTerm, { conditions }: Subject): string {
  const condition = conditionOf(conditions, type);
  const words = condition === undefined ? "" : wordsOf(condition);
  return words === "" ? `Waiting for condition ${type}` : words;
}
