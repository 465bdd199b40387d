import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { canonicalJson, isJsonArray, isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { duplicate, forbidden, invalid, required } from "../../validate/field-errors.ts";
import { childPath } from "../located.ts";
import type { Structural } from "../structural.ts";
import { ruleExpressions } from "./rule-expressions.ts";
import { celValue } from "./values.ts";

/** A value, what was there before, and where. */
interface Changed {
  readonly path: string;
  readonly value: JsonValue;
  /** Undefined for a value that is new, or that cannot be told which it was. */
  readonly old: JsonValue | undefined;
}

/** The rules (`x-kubernetes-validations`) of a schema that a value breaks. */
export function checkRules(schema: Structural, at: Changed): readonly FieldError[] {
  const own = viewArray(schema.schema, "x-kubernetes-validations").flatMap((rule) =>
    isJsonObject(rule) ? checkRule(schema, rule, at) : [],
  );
  if (isJsonObject(at.value)) return [...own, ...checkFields(schema, { ...at, value: at.value })];
  return isJsonArray(at.value) ? [...own, ...checkItems(schema, { ...at, value: at.value })] : own;
}

function checkFields(
  schema: Structural,
  at: Changed & { readonly value: JsonObject },
): readonly FieldError[] {
  const old = isJsonObject(at.old) ? at.old : {};
  return Object.entries(at.value).flatMap(([name, value]) => {
    const property = schema.properties.get(name);
    const child = property ?? schema.additional?.schema;
    if (value === undefined || child === undefined) return [];
    const path = property === undefined ? `${at.path}[${name}]` : childPath(at.path, name);
    return checkRules(child, { path, value, old: old[name] });
  });
}

/** Only items of lists with keys can be told which they were before. */
function checkItems(schema: Structural, at: Changed & { readonly value: JsonArray }): readonly FieldError[] {
  const { items } = schema;
  if (items === undefined) return [];
  const keyOf = (item: JsonValue): string =>
    canonicalJson(isJsonObject(item) ? schema.listKeys.map((key) => item[key] ?? null) : item);
  const before = new Map<string, JsonValue>();
  if (schema.listType === "map" && isJsonArray(at.old))
    for (const item of at.old) before.set(keyOf(item), item);
  return at.value.flatMap((value, i) =>
    checkRules(items, { path: `${at.path}[${i}]`, value, old: before.get(keyOf(value)) }),
  );
}

function checkRule(schema: Structural, rule: JsonObject, at: Changed): readonly FieldError[] {
  const expression = viewString(rule, "rule") ?? "";
  const usesOld = /\boldSelf\b/.test(expression);
  // A rule about a change has nothing to say of what is new.
  if (usesOld && at.old === undefined) return [];
  const context = {
    self: celValue(schema, at.value),
    ...(usesOld ? { oldSelf: celValue(schema, at.old ?? null) } : {}),
  };
  const outcome = evaluate(expression, context);
  if (outcome === true || outcome === undefined) return [];
  if (outcome instanceof Error) {
    const words = viewString(rule, "message")?.trim() ?? expression.trim();
    return [invalid(at.path, schema.type ?? "", `${wordsOf(outcome)} evaluating rule: ${words}`)];
  }
  const path = `${at.path}${viewString(rule, "fieldPath") ?? ""}`;
  return [broken({ schema, rule, at: { ...at, path } }, messageOf(rule, context))];
}

interface BrokenRule {
  readonly schema: Structural;
  readonly rule: JsonObject;
  readonly at: Changed;
}

function broken({ schema, rule, at }: BrokenRule, detail: string): FieldError {
  const isComposite = schema.type === "object" || schema.type === "array";
  switch (viewString(rule, "reason") ?? "") {
    case "FieldValueForbidden":
      return forbidden(at.path, detail);
    case "FieldValueRequired":
      return required(at.path, detail);
    case "FieldValueDuplicate":
      return duplicate(at.path, at.value);
    default:
      // Objects and lists are not shown.
      if (!isComposite) return invalid(at.path, at.value, detail);
      return { field: at.path, reason: "FieldValueInvalid", message: `Invalid value: ${detail}` };
  }
}

function messageOf(rule: JsonObject, context: Readonly<Record<string, unknown>>): string {
  const expression = viewString(rule, "messageExpression");
  const evaluated = expression === undefined ? undefined : evaluate(expression, context);
  if (typeof evaluated === "string" && evaluated.trim() !== "") return evaluated;
  return viewString(rule, "message")?.trim() ?? `failed rule: ${(viewString(rule, "rule") ?? "").trim()}`;
}

/** Undefined for an expression that uses what is not supported here: it is not held against the object. */
function evaluate(expression: string, context: Readonly<Record<string, unknown>>): unknown {
  const compiled = ruleExpressions.compile(expression);
  if (compiled instanceof Error) return undefined;
  try {
    return compiled({ ...context });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.includes("no matching overload") ? undefined : error;
  }
}

function wordsOf(error: Error): string {
  const [first = ""] = error.message.split("\n");
  return first.replace(/^No such key/, "no such key");
}
