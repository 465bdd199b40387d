import type { FieldSchema } from "#core/merge/index.ts";
import { FieldSet as Fields, withoutServerFields } from "#core/merge/index.ts";
import { fieldElement, itemElement } from "#core/merge/path.ts";
import { asArray, asObject, childSchema, isNothing, itemSchema, shapeOf } from "#core/merge/shape.ts";
import type { JsonArray, JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { hasMembers } from "#core/merge/field-set.ts";
import { losesIgnored } from "./lost-fields.ts";
import { isSoleOwner, ownedPart } from "./owned-part.ts";
import { respectInside } from "./respect-inside.ts";
import type { RespectInput, RespectPlace } from "./respect-place.ts";

export interface Respected {
  /** What is to be sent. */
  readonly object: KubeObject;
  /** True when live values are among it, which must not be older than what the server has. */
  readonly sendsLive: boolean;
}

/**
 * The desired object as it is to be sent so that ignored fields of the live one stay as they are. A field that others own, or nobody,
 * is left out; one that only we own is sent with its live value, or the apply would remove it. Fields of a list item that is new are
 * sent as desired: there is nothing live to respect.
 */
export function respectIgnored(input: RespectInput): Respected {
  const respected = respectBy(input, false);
  // What nobody owns goes with the map that it is in, when we let go of all that is owned there.
  return losesIgnored(respected.object, input) ? respectBy(input, true) : respected;
}

function respectBy(input: RespectInput, sendsUnowned: boolean): Respected {
  const { desired, live, schema, ignored, own, others, whole } = input;
  const place: RespectPlace = {
    schema,
    ignored: ignored.root,
    own: own?.fields.root,
    others: others.reduce((all, { fields }) => all.union(fields), new Fields()).root,
    whole,
    sendsUnowned,
    sent: { live: false },
  };
  const respected = asObject(respectAt(place, desired, live));
  const { name, namespace } = desired.metadata;
  const identity = {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const metadata = { ...asObject(respected["metadata"]), ...identity };
  const { apiVersion, kind } = desired;
  const object = withoutServerFields({ ...respected, apiVersion, kind, metadata } as KubeObject);
  return { object, sendsLive: place.sent.live };
}

/** What is sent in place of a desired value; undefined when the field is not mentioned. */
function respectAt(
  place: RespectPlace,
  desired: JsonValue | undefined,
  live: JsonValue | undefined,
): JsonValue | undefined {
  if (place.ignored.member) return asLive(place, live);
  const sample = isNothing(desired) ? live : desired;
  if (isNothing(sample)) return desired;
  switch (shapeOf(place.schema, sample)) {
    case "map":
      return respectFields(place, desired, asObject(live));
    case "items":
      return respectItems(place, desired, asArray(live));
    case "leaf":
      return respectInside(place, [desired, live], () => asLive(place, live));
  }
}

/** An ignored field: not mentioned, or as it lives when our apply without it would remove it. */
function asLive(place: RespectPlace, live: JsonValue | undefined): JsonValue | undefined {
  if (isNothing(live)) return undefined;
  const isUnowned = !hasMembers(place.own) && !hasMembers(place.others);
  const isWhole = place.whole || (place.sendsUnowned && isUnowned);
  if (!isWhole && !isSoleOwner(place.own, place.others)) return undefined;
  place.sent.live = true;
  return isWhole || place.own === undefined ? live : ownedPart(place.schema, live, place.own);
}

function respectFields(
  place: RespectPlace,
  desired: JsonValue | undefined,
  live: JsonObject,
): JsonValue | undefined {
  const wanted = asObject(desired);
  const fields: Record<string, JsonValue | undefined> = { ...wanted };
  for (const element of place.ignored.children?.keys() ?? []) {
    const name = element.slice(2);
    if (element !== fieldElement(name)) continue;
    const below = stepInto(place, element, childSchema(place.schema, name));
    const value = respectAt(below, wanted[name], live[name]);
    if (value === undefined) delete fields[name];
    else fields[name] = value;
  }
  return Object.keys(fields).length === 0 && !isEmptyMap(desired) ? undefined : fields;
}

function isEmptyMap(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function respectItems(
  place: RespectPlace,
  desired: JsonValue | undefined,
  live: JsonArray,
): JsonValue | undefined {
  const { schema } = place;
  const items = [...asArray(desired)];
  for (const [element, ignored] of place.ignored.children ?? []) {
    const isThis = (item: JsonValue): boolean => itemElement(schema, item) === element;
    const [at, liveItem] = [items.findIndex((item) => isThis(item)), live.find((item) => isThis(item))];
    const item = items[at];
    // An item that comes or goes as a whole is not what the rule for a field in it is about.
    if (!ignored.member && (item === undefined || liveItem === undefined)) continue;
    const value = respectAt(stepInto(place, element, itemSchema(schema)), item, liveItem);
    const kept = ignored.member ? value : withKeys(schema, item, value);
    items.splice(at < 0 ? items.length : at, at < 0 ? 0 : 1, ...(kept === undefined ? [] : [kept]));
  }
  return items.length === 0 && asArray(desired).length > 0 ? undefined : items;
}

/** Without its keys nobody knows which item it is. */
function withKeys(
  { listKeys = [] }: FieldSchema,
  item: JsonValue | undefined,
  value: JsonValue | undefined,
): JsonValue {
  const keys = listKeys.filter((name) => asObject(item)[name] !== undefined);
  return { ...asObject(value), ...Object.fromEntries(keys.map((name) => [name, asObject(item)[name]])) };
}

function stepInto(place: RespectPlace, element: string, schema: FieldSchema): RespectPlace {
  return {
    ...place,
    schema,
    ignored: place.ignored.children?.get(element) ?? { member: false, children: undefined },
    own: place.own?.children?.get(element),
    others: place.others?.children?.get(element),
  };
}
