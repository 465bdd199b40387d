import type { FieldNode } from "#core/merge/field-set.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual } from "#core/object/index.ts";
import { isNothing } from "#core/merge/shape.ts";
import { removePaths } from "./remove.ts";
import type { RespectPlace } from "./respect-place.ts";
import type { ValuePath } from "./value-path.ts";
import { childOf } from "./value-path.ts";

type Pair = readonly [desired: JsonValue | undefined, live: JsonValue | undefined];

/**
 * A value that is one field as a whole, such as a list without keys, of which parts are ignored: it can only be sent or left out. When
 * the ignored parts are all that differs it counts as ignored itself; otherwise it is sent with these parts as they live.
 */
export function respectInside(
  { ignored, sent }: RespectPlace,
  [desired, live]: Pair,
  asLive: () => JsonValue | undefined,
): JsonValue | undefined {
  const paths = pathsOf(ignored, []);
  const rest = (value: JsonValue | undefined) => (isNothing(value) ? {} : removePaths(value, paths));
  if (jsonEqual(rest(desired), rest(live))) return asLive();
  if (isNothing(desired) || isNothing(live)) return desired;
  sent.live = true;
  return overlay(desired, live, ignored);
}

function stepOf(element: string): string | number {
  return element.startsWith("i:") ? Number(element.slice(2)) : element.slice(2);
}

function pathsOf({ member, children }: FieldNode, path: ValuePath): readonly ValuePath[] {
  if (member) return [path];
  return [...(children ?? [])].flatMap(([element, child]) => pathsOf(child, [...path, stepOf(element)]));
}

function overlay(desired: JsonValue, live: JsonValue, { children }: FieldNode): JsonValue {
  let result = desired;
  for (const [element, child] of children ?? []) {
    const step = stepOf(element);
    const [wanted, found] = [childOf(desired, step), childOf(live, step)];
    if (child.member) result = withChild(result, step, found);
    else if (wanted !== undefined && found !== undefined)
      result = withChild(result, step, overlay(wanted, found, child));
  }
  return result;
}

/** An item that the live list does not have is new and stays. */
function withChild(value: JsonValue, step: string | number, child: JsonValue | undefined): JsonValue {
  if (isJsonArray(value))
    return child === undefined ? value : value.map((item, i) => (i === step ? child : item));
  if (!isJsonObject(value)) return value;
  const { [step]: _old, ...rest } = value;
  return child === undefined ? rest : { ...rest, [step]: child };
}
