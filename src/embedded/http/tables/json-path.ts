import { isJsonArray, isJsonObject, type JsonValue } from "#core/object/index.ts";

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly at: number }
  | { readonly kind: "all" }
  | {
      readonly kind: "filter";
      readonly path: readonly Step[];
      readonly equals: boolean;
      readonly value: JsonValue;
    };

/** A path of a printer column, compiled. */
export interface JsonPath {
  /** All values that it leads to. */
  readonly find: (value: JsonValue) => readonly JsonValue[];
}

/**
 * What printer columns use of JSONPath: fields with `\.` for a dot, indexes also from the end, `[*]`, quoted fields and filters of the
 * form `[?(@.type=="Ready")]`. A path beyond that finds nothing.
 */
export function compileJsonPath(text: string): JsonPath {
  const steps = parseSteps(text);
  return { find: (value) => (steps === undefined ? [] : follow([value], steps)) };
}

const stepPatterns = {
  all: /^(?:\.\*|\[\*\])/,
  index: /^\[(-?\d+)\]/,
  quoted: /^\[(?:'([^']*)'|"([^"]*)")\]/,
  filter: /^\[\?\(\s*@((?:\.[^=!<>\s]+)*)\s*(==|!=)\s*("[^"]*"|'[^']*'|[^)\s]+)\s*\)\]/,
  field: /^\.?((?:\\.|[^.[\]\\*])+)/,
} as const;

function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text.trim().replace(/^\$/, "");
  while (rest !== "") {
    const parsed = parseStep(rest);
    if (parsed === undefined) return undefined;
    steps.push(parsed.step);
    rest = rest.slice(parsed.length);
  }
  return steps;
}

function parseStep(text: string): { readonly step: Step; readonly length: number } | undefined {
  const match = (name: keyof typeof stepPatterns): RegExpExecArray | null => stepPatterns[name].exec(text);
  let found = match("all");
  if (found !== null) return { step: { kind: "all" }, length: found[0].length };
  found = match("index");
  if (found !== null) return { step: { kind: "index", at: Number(found[1]) }, length: found[0].length };
  found = match("quoted");
  if (found !== null) {
    return { step: { kind: "field", name: found[1] ?? found[2] ?? "" }, length: found[0].length };
  }
  found = match("filter");
  if (found !== null) return parseFilter(found);
  found = match("field");
  if (found === null) return undefined;
  return { step: { kind: "field", name: (found[1] ?? "").replace(/\\(.)/g, "$1") }, length: found[0].length };
}

function parseFilter([whole, pathText = "", operator, literal = ""]: RegExpExecArray) {
  const path = parseSteps(pathText);
  if (path === undefined) return undefined;
  const step: Step = { kind: "filter", path, equals: operator === "==", value: parseLiteral(literal) };
  return { step, length: whole.length };
}

function parseLiteral(text: string): JsonValue {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function follow(values: readonly JsonValue[], steps: readonly Step[]): readonly JsonValue[] {
  return steps.reduce<readonly JsonValue[]>(
    (found, step) => found.flatMap((value) => take(value, step)),
    values,
  );
}

function take(value: JsonValue, step: Step): readonly JsonValue[] {
  switch (step.kind) {
    case "field":
      return isJsonObject(value) && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : [];
    case "index": {
      const item = isJsonArray(value) ? value.at(step.at) : undefined;
      return item === undefined ? [] : [item];
    }
    case "all":
      return itemsOf(value);
    case "filter":
      return itemsOf(value).filter((item) => (follow([item], step.path)[0] === step.value) === step.equals);
    default:
      throw new Error(`unknown step: ${JSON.stringify(step satisfies never)}`);
  }
}

function itemsOf(value: JsonValue): readonly JsonValue[] {
  if (isJsonArray(value)) return value;
  return isJsonObject(value) ? Object.values(value).map((item) => item ?? null) : [];
}
