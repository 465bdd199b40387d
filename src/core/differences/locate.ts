import type { FieldNode } from "#core/merge/field-set.ts";
import { FieldSet, parseManagedFields } from "#core/merge/index.ts";
import { matchesItem } from "#core/merge/path.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { IgnoreRule } from "./rules.ts";
import type { ValuePath } from "./value-path.ts";
import { childOf, followPointer } from "./value-path.ts";

/** The fields of an object that its rules name by pointer, or by who owns them in the live object. What is not there is left out. */
export function locateFields(
  object: KubeObject,
  live: KubeObject,
  rules: readonly IgnoreRule[],
): readonly ValuePath[] {
  const pointed = rules.flatMap(({ pointers }) =>
    pointers.flatMap((steps) => {
      const path = followPointer(object, steps);
      return path === undefined ? [] : [path];
    }),
  );
  const managers = new Set(rules.flatMap((rule) => rule.managers));
  if (managers.size === 0) return pointed;
  const owned = parseManagedFields(live)
    .filter(({ manager }) => managers.has(manager))
    .reduce((all, { fields }) => all.union(fields), new FieldSet());
  const found: ValuePath[] = [...pointed];
  collectLeaves(owned.root, { value: object, path: [] }, found);
  return found;
}

interface Place {
  readonly value: JsonValue;
  readonly path: ValuePath;
}

/** Who owns a map or an item beside fields in it answers for these, not for what others put into it. */
function collectLeaves(node: FieldNode, { value, path }: Place, found: ValuePath[]): void {
  if (node.children === undefined || node.children.size === 0) {
    if (node.member) found.push(path);
    return;
  }
  for (const [element, child] of node.children) {
    const step = stepOf(value, element);
    const below = step === undefined ? undefined : childOf(value, step);
    if (step !== undefined && below !== undefined)
      collectLeaves(child, { value: below, path: [...path, step] }, found);
  }
}

/** Where the step of a field path leads to in a value. */
function stepOf(value: JsonValue, element: string): string | number | undefined {
  if (element.startsWith("f:")) return element.slice(2);
  if (!isJsonArray(value)) return undefined;
  const at = value.findIndex((item, i) => matchesItem(element, item, i));
  return at < 0 ? undefined : at;
}

/** The paths that jq's `path` gave of an object, slices and indexes from the end made plain; undefined for anything else. */
export function readJqPaths(value: JsonValue, object: KubeObject): readonly ValuePath[] | undefined {
  if (!isJsonArray(value)) return undefined;
  const paths: ValuePath[] = [];
  for (const path of value) {
    if (!isJsonArray(path)) return undefined;
    const found = expand(path, { value: object, path: [] });
    if (found === undefined) return undefined;
    paths.push(...found);
  }
  return paths;
}

/** Undefined for what is no step of jq's. */
function expand(
  [step, ...rest]: readonly JsonValue[],
  { value, path }: Place,
): readonly ValuePath[] | undefined {
  // The whole object, as `.` names it, cannot be ignored.
  if (step === undefined) return path.length === 0 ? [] : [path];
  const steps = plainSteps(step, value);
  if (steps === undefined) return undefined;
  const found: ValuePath[] = [];
  for (const one of steps) {
    const below = childOf(value, one);
    const paths = below === undefined ? [] : expand(rest, { value: below, path: [...path, one] });
    if (paths === undefined) return undefined;
    found.push(...paths);
  }
  return found;
}

function plainSteps(step: JsonValue, value: JsonValue): readonly (string | number)[] | undefined {
  if (typeof step === "string") return [step];
  const length = isJsonArray(value) ? value.length : 0;
  if (typeof step === "number") return [step < 0 ? length + step : step];
  if (!isJsonObject(step)) return undefined;
  const indexes = Array.from({ length }, (_, i) => i);
  return indexes.slice(bound(step, "start") ?? 0, bound(step, "end") ?? length);
}

function bound(slice: JsonObject, name: "start" | "end"): number | undefined {
  const value = slice[name];
  return typeof value === "number" ? value : undefined;
}
