import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import { ParseError } from "#runtime/cel/library.ts";
import { ruleExpressions } from "../schema/custom/cel/rule-expressions.ts";
import type { FieldError } from "../schema/rules.ts";
import { invalid, notSupported, required } from "../schema/validate/field-errors.ts";
import { childrenOf } from "./schema-children.ts";

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** Rules (`x-kubernetes-validations`) that are none, everywhere in a schema; expressions only when all else is right. */
export function checkRuleTexts(schema: JsonObject, path: string): readonly FieldError[] {
  const errors = walkRules(schema, path, checkText);
  return errors.length > 0 ? errors : walkRules(schema, path, checkExpressions);
}

type RuleCheck = (rule: JsonObject, path: string) => readonly FieldError[];

function walkRules(schema: JsonObject, path: string, check: RuleCheck): readonly FieldError[] {
  const own = viewArray(schema, "x-kubernetes-validations").flatMap((rule, i) =>
    isJsonObject(rule) ? check(rule, `${path}.x-kubernetes-validations[${i}]`) : [],
  );
  return [...own, ...childrenOf(schema, path).flatMap(([at, child]) => walkRules(child, at, check))];
}

const checkText: RuleCheck = (rule, path) => {
  const [expression = "", message, reason] = ["rule", "message", "reason"].map((field) =>
    viewString(rule, field),
  );
  const errors: FieldError[] = [];
  if (expression.trim() === "") errors.push(required(`${path}.rule`, "rule is not specified"));
  else if (message !== undefined && message !== "" && message.trim() === "") {
    errors.push(invalid(`${path}.message`, message, "must be non-empty if specified"));
  } else if (message?.trim().includes("\n") === true) {
    errors.push(invalid(`${path}.message`, message, "must not contain line breaks"));
  } else if (expression.trim().includes("\n") && (message ?? "").trim() === "") {
    errors.push(required(`${path}.message`, "message must be specified if rule contains line breaks"));
  }
  return reason === undefined || reasons.includes(reason)
    ? errors
    : [...errors, notSupported(`${path}.reason`, reason, reasons)];
};

/** Only what is no expression at all: types are found out when the rule runs. */
const checkExpressions: RuleCheck = (rule, path) =>
  ["rule", "messageExpression"].flatMap((field) => {
    const expression = viewString(rule, field);
    const compiled = expression === undefined ? undefined : ruleExpressions.compile(expression);
    if (!(compiled instanceof ParseError)) return [];
    return [
      invalid(
        `${path}.${field}`,
        rule,
        `compilation failed: ERROR: ${compiled.message.split("\n")[0] ?? ""}`,
      ),
    ];
  });
