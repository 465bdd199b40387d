import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { GoStruct } from "./go-type.ts";

/**
 * Structs that came out of a function as they went into it, which need not go through it again: most writes change little of an
 * object. Only the fields of whole objects are noted, so that there are few of them.
 */
export class Fixpoints {
  readonly #components = new WeakMap<JsonObject, string>();

  has(component: string, value: JsonObject): boolean {
    return this.#components.get(value) === component;
  }

  /** Takes note of the fields of an object that the function gave back as they were. */
  note(object: GoStruct, before: JsonObject, after: JsonObject): void {
    for (const [name, value] of Object.entries(after)) {
      if (value !== before[name] || !isJsonObject(value)) continue;
      const type = object.get(name)?.type;
      if (type?.kind === "struct" && !this.has(type.component, value))
        this.#components.set(value, type.component);
    }
  }
}
