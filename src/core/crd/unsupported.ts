import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** A field that is set and that Mooring does not act on yet. */
export interface UnsupportedField {
  readonly path: string;
  readonly reason: string;
  /** What is deployed without it could be wrong or forbidden, so nothing is deployed. */
  readonly blocking: boolean;
}

interface UnsupportedRule {
  /** Field names from the object's root; `[]` is every item of a list. */
  readonly path: string;
  readonly reason: string;
  readonly blocking?: true;
  /** Defaults to: anything but false, an empty text, and lists and objects with nothing in them. */
  readonly when?: (value: JsonValue) => boolean;
}

const operationRules: readonly UnsupportedRule[] = [];

/** The one list of what is not there yet: the step that adds a feature deletes its line. */
export const unsupported = {
  application: operationRules.map((rule) => ({ ...rule, path: `operation.${rule.path}` })),
  operation: operationRules,
  project: [],
} as const satisfies Readonly<Record<string, readonly UnsupportedRule[]>>;

/** The fields of an object that are set and listed above, in the order of the list. */
export function listUnsupported(
  object: JsonObject,
  of: keyof typeof unsupported,
): readonly UnsupportedField[] {
  return unsupported[of].flatMap((rule: UnsupportedRule) =>
    valuesAt(object, rule.path.split("."))
      .filter(({ value }) => (rule.when ?? isSet)(value))
      .map(({ path }) => ({ path, reason: rule.reason, blocking: rule.blocking ?? false })),
  );
}

interface Located {
  readonly path: string;
  readonly value: JsonValue;
}

function valuesAt(root: JsonObject, steps: readonly string[]): readonly Located[] {
  let found: readonly Located[] = [{ path: "", value: root }];
  for (const step of steps) found = found.flatMap((at) => (step === "[]" ? itemsOf(at) : fieldOf(at, step)));
  return found;
}

function itemsOf({ path, value }: Located): readonly Located[] {
  return isJsonArray(value) ? value.map((item, i) => ({ path: `${path}[${i}]`, value: item })) : [];
}

function fieldOf({ path, value }: Located, field: string): readonly Located[] {
  const found = isJsonObject(value) ? (value[field] ?? null) : null;
  return found === null ? [] : [{ path: path === "" ? field : `${path}.${field}`, value: found }];
}

/** True unless there is nothing in it: objects as Argo CD stores them are full of fields that are there but empty. */
export function isSet(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.values(value).some((field) => field !== undefined && isSet(field));
  return value !== null && value !== false && value !== "";
}
