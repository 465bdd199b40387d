import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { ExpressionsSize } from "#runtime/cel/run-in-time.ts";
import { isQuick, runInTime, sizeOf } from "#runtime/cel/run-in-time.ts";
import type { FieldError } from "../../rules.ts";
import { invalid } from "../../validate/field-errors.ts";
import type { Structural } from "../structural.ts";
import { checkRules } from "./check-rules.ts";
import { ruleExpressions } from "./rule-expressions.ts";

/** A multiple of what Kubernetes' own budget for the rules of an object comes to. */
const maxMs = 2_000;
const outOfBudget =
  "validation failed due to running out of cost budget, no further validation rules will be run";

/** The rules of a schema that an object breaks. Rules whose loops within loops take too long refuse it: nobody else is served meanwhile. */
export function checkRulesInTime(
  schema: Structural,
  value: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  const check = (): readonly FieldError[] => checkRules(schema, { path: "", value, old });
  const size = rulesOf(schema);
  if (size.length === 0 || isQuick(size, JSON.stringify(value).length)) return check();
  const outcome = runInTime(check, maxMs);
  if (outcome.ended) return outcome.value;
  ruleExpressions.forget();
  return [invalid("<nil>", "object", outOfBudget)];
}

const known = new WeakMap<Structural, ExpressionsSize>();

function rulesOf(schema: Structural): ExpressionsSize {
  const found = known.get(schema) ?? sizeOf(expressionsIn(schema.schema));
  known.set(schema, found);
  return found;
}

function expressionsIn(schema: JsonValue | undefined): readonly string[] {
  if (isJsonArray(schema)) return schema.flatMap((each) => expressionsIn(each));
  if (!isJsonObject(schema)) return [];
  return Object.entries(schema).flatMap(([name, field]) =>
    typeof field === "string" && (name === "rule" || name === "messageExpression")
      ? [field]
      : expressionsIn(field),
  );
}
