import type { JsonObject, JsonValue } from "#core/object/index.ts";
import type { Draw } from "./draw.ts";

/** What is drawn: a whole object, or the part of one that a patch or an apply has. */
export interface Portion {
  /** How probable a field is that may be left out. */
  readonly keep: number;
  /** How probable is one that no whole object lacks. */
  readonly required: number;
  /** How probable it is that a field which is there is null. */
  readonly nulls: number;
}

export const whole: Portion = { keep: 0.3, required: 0.995, nulls: 0.005 };
export const wholeApply: Portion = { ...whole, nulls: 0 };
export const part: Portion = { keep: 0.25, required: 0.85, nulls: 0 };
export const change: Portion = { keep: 0.25, required: 0.5, nulls: 0.08 };

/** What values a field may have. */
export type Shape = (draw: Draw, portion: Portion) => JsonValue;

/** One of some values; the same value several times is that much more probable. */
export function one(...values: readonly JsonValue[]): Shape {
  return (draw) => draw.pick(values);
}

/** Almost always a value that is accepted, now and then one that is not. */
export function mostly(good: Shape, ...bad: readonly JsonValue[]): Shape {
  return (draw, portion) => (draw.chance(0.015) ? draw.pick(bad) : good(draw, portion));
}

type Fields = Readonly<Record<string, Shape>>;

/** An object; whole ones have the fields that are `required`. */
export function fields(optional: Fields, required: Fields = {}): Shape {
  return (draw, portion) => {
    const made: Record<string, JsonValue> = {};
    const add = (shapes: Fields, probability: number): void => {
      for (const [name, shape] of Object.entries(shapes)) {
        if (!draw.chance(probability)) continue;
        made[name] = draw.chance(portion.nulls) ? null : shape(draw, portion);
      }
    };
    add(required, portion.required);
    add(optional, portion.keep);
    return made;
  };
}

/** The fields of an object that are there less often than others. */
export function seldom(optional: Fields, factor = 0.25): Shape {
  const shape = fields(optional);
  return (draw, portion) => shape(draw, { ...portion, keep: portion.keep * factor });
}

/** An object with the fields of several. */
export function all(...shapes: readonly Shape[]): Shape {
  return (draw, portion) => Object.assign({}, ...shapes.map((shape) => shape(draw, portion))) as JsonObject;
}

/** A list of up to `max` items, the same value perhaps twice. */
export function items(item: Shape, max: number, min = 0): Shape {
  return (draw, portion) =>
    Array.from({ length: min + draw.below(max - min + 1) }, () => item(draw, portion));
}

/** A list of objects of which each has one of `keys` in the field `key`, seldom the same as another. */
export function keyed(key: string, keys: readonly JsonValue[], item: Shape): Shape {
  return (draw, portion) => {
    const chosen = keys.filter((_, at) => (at === 0 ? draw.chance(0.85) : draw.chance(0.4)));
    if (chosen.length === 0) chosen.push(draw.pick(keys));
    if (draw.chance(0.25)) chosen.reverse();
    if (draw.chance(0.01)) chosen.push(draw.pick(keys));
    return chosen.map((value) => ({ [key]: value, ...(item(draw, portion) as JsonObject) }));
  };
}

/** An object with some of `keys`, at least one. */
export function someOf(keys: readonly string[], value: Shape): Shape {
  const map = mapOf(keys, value);
  return (draw, portion) => {
    const made = map(draw, portion) as JsonObject;
    return Object.keys(made).length > 0 ? made : { [draw.pick(keys)]: value(draw, portion) };
  };
}

/** Only patches take out keys: a whole map that has nulls is stored otherwise than it is read. */
function nullsIn({ nulls }: Portion): number {
  return nulls < change.nulls ? 0 : nulls;
}

/** An object with some of `keys`. */
export function mapOf(keys: readonly string[], value: Shape): Shape {
  return (draw, portion) =>
    Object.fromEntries(
      keys
        .filter(() => draw.chance(0.5))
        .map((key) => [key, draw.chance(nullsIn(portion)) ? null : value(draw, portion)]),
    );
}
