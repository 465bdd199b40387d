import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepFields, keepItems } from "#core/object/index.ts";
import { childPath } from "./located.ts";
import { objectFields, type Structural } from "./structural.ts";

export interface Pruned {
  readonly value: JsonObject;
  /** Paths of the fields that were removed, in the order of the object. */
  readonly removed: readonly string[];
}

/** Removes what the schema does not know, except where it says that unknown fields are kept. */
export function pruneUnknown(schema: Structural, object: JsonObject): Pruned {
  const removed: string[] = [];
  const value = new Pruner(removed).fields(schema, object, { path: "", isObject: true });
  return { value, removed };
}

interface Place {
  readonly path: string;
  /** True where apiVersion, kind and metadata are allowed. */
  readonly isObject: boolean;
}

class Pruner {
  readonly #removed: string[];

  constructor(removed: string[]) {
    this.#removed = removed;
  }

  fields(schema: Structural | undefined, object: JsonObject, place: Place): JsonObject {
    const kept: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(object)) {
      if (value === undefined) continue;
      const path = childPath(place.path, name);
      const child = schema?.properties.get(name);
      if (place.isObject && objectFields.has(name)) kept[name] = value;
      else if (child !== undefined) kept[name] = this.#value(child, value, path);
      else if (schema?.additional !== undefined) kept[name] = this.#additional(schema, value, path);
      else if (schema?.preservesUnknown === true) kept[name] = value;
      else this.#removed.push(path);
    }
    return keepFields(object, kept);
  }

  #additional(schema: Structural, value: JsonValue, path: string): JsonValue {
    const within = schema.additional?.schema;
    return within === undefined && schema.preservesUnknown ? value : this.#value(within, value, path);
  }

  #value(schema: Structural | undefined, value: JsonValue, path: string): JsonValue {
    if (isJsonArray(value)) return this.#items(schema, value, path);
    if (!isJsonObject(value)) return value;
    return this.fields(schema, value, { path, isObject: schema?.isEmbedded === true });
  }

  #items(schema: Structural | undefined, items: JsonArray, path: string): JsonArray {
    if (schema?.items === undefined && schema?.preservesUnknown === true) return items;
    return keepItems(
      items,
      items.map((item, i) => this.#value(schema?.items, item, `${path}[${i}]`)),
    );
  }
}
