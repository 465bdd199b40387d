import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { GoStruct, GoType } from "./go-type.ts";

/**
 * Structs that came out of a function as they went into it, which need not go through it again: most writes change little of an
 * object. Those within a struct that is noted are not, so that there are few of them.
 */
export class Fixpoints {
  readonly #components = new WeakMap<JsonObject, string>();

  has(component: string, value: JsonObject): boolean {
    return this.#components.get(value) === component;
  }

  /** Takes note of the structs in an object that the function gave back as they were. */
  note(types: Structs, component: string, { before, after }: Passage<JsonObject>): void {
    for (const [name, { type }] of types.struct(component)) {
      const [was, is] = [before[name], after[name]];
      if (was !== undefined && is !== undefined) this.#noteValue(types, type, { before: was, after: is });
    }
  }

  #noteValue(types: Structs, type: GoType, { before, after }: Passage<JsonValue>): void {
    if (type.kind === "struct" && isJsonObject(before) && isJsonObject(after)) {
      if (before !== after) this.note(types, type.component, { before, after });
      else if (!this.has(type.component, after)) this.#components.set(after, type.component);
    } else if (type.kind === "list" && isJsonArray(before) && isJsonArray(after)) {
      for (const [i, item] of after.entries()) {
        const was = before[i];
        if (was !== undefined) this.#noteValue(types, type.of, { before: was, after: item });
      }
    }
  }
}

interface Structs {
  struct(component: string): GoStruct;
}

interface Passage<T> {
  readonly before: T;
  readonly after: T;
}
