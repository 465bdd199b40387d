import type { Json, JsonObject } from "../manifest/json.ts";
import { isJsonArray, isJsonObject, isSame, listAt, objectAt, textAt } from "../manifest/json.ts";

/** Who set a field, and when. */
export interface Owner {
  readonly manager: string;
  readonly time: string | undefined;
  /** It was set by server-side apply, which holds on to it. */
  readonly isApplied: boolean;
}

/** Who owns which field of a live object, by paths such as `spec.containers[0].image`. */
export type Owners = ReadonlyMap<string, readonly Owner[]>;

/** Reads `metadata.managedFields` (FieldsV1). Items of lists are named by their place in the live object. */
export function fieldOwners(live: JsonObject): Owners {
  const owners = new Map<string, Owner[]>();
  for (const entry of listAt(live, "metadata", "managedFields")) {
    const owner: Owner = {
      manager: textAt(entry, "manager") ?? "unknown",
      time: textAt(entry, "time"),
      isApplied: textAt(entry, "operation") === "Apply",
    };
    walk(objectAt(entry, "fieldsV1"), { path: "", value: live }, (path) => {
      const known = owners.get(path);
      if (known === undefined) owners.set(path, [owner]);
      else if (!known.some((one) => one.manager === owner.manager)) known.push(owner);
    });
  }
  return owners;
}

function walk(fields: JsonObject, { path, value }: Step, tell: (path: string) => void): void {
  const names = Object.keys(fields).filter((name) => name !== ".");
  // What is owned whole has no fields of its own.
  if (path !== "" && (names.length === 0 || "." in fields)) tell(path);
  for (const name of names) {
    const below = stepInto(name, value, path);
    if (below !== undefined) walk(objectAt(fields, name), below, tell);
  }
}

interface Step {
  readonly path: string;
  readonly value: Json | undefined;
}

/** `f:` names a field, `k:` an item by its keys, `v:` one by its value, `i:` one by its place. What lives no more is left out. */
function stepInto(name: string, value: Json | undefined, path: string): Step | undefined {
  const rest = name.slice(2);
  if (name.startsWith("f:")) {
    if (!isJsonObject(value)) return undefined;
    return { path: path === "" ? rest : `${path}.${rest}`, value: value[rest] };
  }
  if (!isJsonArray(value)) return undefined;
  const place = placeOf(name.slice(0, 2), JSON.parse(rest) as Json, value);
  return place === -1 ? undefined : { path: `${path}[${place}]`, value: value[place] };
}

function placeOf(how: string, key: Json, items: readonly Json[]): number {
  if (how === "i:") return typeof key === "number" && key < items.length ? key : -1;
  if (how === "v:") return items.findIndex((item) => isSame(item, key));
  if (how !== "k:" || !isJsonObject(key)) return -1;
  return items.findIndex(
    (item) => isJsonObject(item) && Object.entries(key).every(([field, one]) => isSame(item[field], one)),
  );
}

/** Who owns a field, or the nearest that it is part of; nobody for what nobody says to own. */
export function ownersOf(owners: Owners, path: string): readonly Owner[] {
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("."), at.lastIndexOf("[")))) {
    const found = owners.get(at);
    if (found !== undefined) return found;
  }
  return [];
}
