import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** Names of fields and indexes of items, from the top of an object down to one value. */
export type ValuePath = readonly (string | number)[];

/** The value one step down; undefined when there is none. */
export function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof step === "number") return isJsonArray(value) ? value[step] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The steps of a JSON pointer (RFC 6901); undefined for a text that is none, and for the empty one, which is the whole object. */
export function parsePointer(text: string): readonly string[] | undefined {
  if (!text.startsWith("/") || /~(?![01])/u.test(text)) return undefined;
  return text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where the steps of a pointer lead to in one object; undefined when there is nothing. */
export function followPointer(object: JsonValue, steps: readonly string[]): ValuePath | undefined {
  const path: (string | number)[] = [];
  let current: JsonValue | undefined = object;
  for (const text of steps) {
    const step: string | number | undefined = isJsonArray(current) ? indexOf(text) : text;
    current = step === undefined ? undefined : childOf(current, step);
    if (step === undefined || current === undefined) return undefined;
    path.push(step);
  }
  return path;
}

function indexOf(text: string): number | undefined {
  return /^(?:0|[1-9]\d*)$/u.test(text) ? Number(text) : undefined;
}
