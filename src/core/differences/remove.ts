import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { ValuePath } from "./value-path.ts";

/** What is to be removed at a value and below it. */
interface Removal {
  whole: boolean;
  readonly below: Map<string | number, Removal>;
}

/**
 * A value without what the paths lead to. A map or list that loses all it has goes, too: one that was never there means the same.
 * Where there is nothing to remove the value itself is returned.
 */
export function removePaths(value: JsonValue, paths: readonly ValuePath[]): JsonValue {
  if (paths.length === 0) return value;
  const root: Removal = { whole: false, below: new Map() };
  for (const path of paths) plan(root, path);
  return without(value, root) ?? {};
}

function plan(root: Removal, path: ValuePath): void {
  let node = root;
  for (const step of path) {
    let below = node.below.get(step);
    if (below === undefined) {
      below = { whole: false, below: new Map() };
      node.below.set(step, below);
    }
    node = below;
  }
  if (node !== root) node.whole = true;
}

/** Undefined when nothing is left. */
function without(value: JsonValue, removal: Removal): JsonValue | undefined {
  if (removal.whole) return undefined;
  if (removal.below.size === 0) return value;
  if (isJsonArray(value)) return withoutItems(value, removal);
  return isJsonObject(value) ? withoutFields(value, removal) : value;
}

function withoutFields(map: JsonObject, { below }: Removal): JsonObject | undefined {
  const left: Record<string, JsonValue | undefined> = { ...map };
  let isSame = true;
  for (const [step, removal] of below) {
    const value = typeof step === "string" && Object.hasOwn(map, step) ? map[step] : undefined;
    if (value === undefined) continue;
    const rest = without(value, removal);
    if (rest === value) continue;
    isSame = false;
    if (rest === undefined) delete left[step];
    else left[step] = rest;
  }
  if (isSame) return map;
  return Object.keys(left).length === 0 ? undefined : left;
}

/** An item that loses all its fields stays: its place tells it apart. */
function withoutItems(items: JsonArray, { below }: Removal): JsonArray | undefined {
  const left = items.flatMap((item, i) => {
    const removal = below.get(i);
    if (removal === undefined) return [item];
    if (removal.whole) return [];
    return [without(item, removal) ?? {}];
  });
  if (left.length === items.length && left.every((item, i) => item === items[i])) return items;
  return left.length === 0 ? undefined : left;
}
