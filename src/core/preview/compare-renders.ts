import { diffObjects } from "#core/diff/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { keyOf, objectKey, parseObjectKey } from "#core/object/index.ts";
import type { ObjectChange } from "./report.ts";

/** What differs between two renders whose secret values are hidden already, by object. */
export function compareRenders(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): readonly ObjectChange[] {
  const [old, now] = [byKey(before), byKey(after)];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((key): readonly ObjectChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const lines = diffObjects(was, is);
    if (lines.length === 0) return [];
    return [{ change: was === undefined ? "added" : is === undefined ? "removed" : "changed", key, lines }];
  });
}

/** Objects that the API server names are told apart by their place among those of the same name. */
function byKey(objects: readonly KubeObject[]): ReadonlyMap<ObjectKey, KubeObject> {
  const found = new Map<ObjectKey, KubeObject>();
  for (const object of objects) {
    let key = nameIn(object, 1);
    for (let i = 2; found.has(key); i += 1) key = nameIn(object, i);
    found.set(key, object);
  }
  return found;
}

function nameIn(object: KubeObject, place: number): ObjectKey {
  const key = keyOf(object);
  const { generateName } = object.metadata;
  const { name, ...parts } = parseObjectKey(key);
  const shown = name === "" && generateName !== undefined ? `${generateName}*` : name;
  return objectKey({ ...parts, name: place === 1 ? shown : `${shown} (${place})` });
}
