import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/**
 * Reads fields of a live object by path and remembers the first one that has the wrong type, so that a check is
 * written for well-formed objects and never throws on others. Null counts as absent, as it does in Kubernetes.
 */
export class Fields {
  readonly #value: JsonValue | undefined;
  readonly #at: string;
  readonly #problems: string[];

  constructor(value: JsonValue | undefined, at = "", problems: string[] = []) {
    this.#value = value;
    this.#at = at;
    this.#problems = problems;
  }

  /** What is wrong with the first malformed field that was read. */
  get problem(): string | undefined {
    return this.#problems[0];
  }

  string(...path: readonly string[]): string {
    const value = this.#find(path);
    if (typeof value === "string") return value;
    if (value !== undefined) this.#reject(this.#name(path), value, "a string");
    return "";
  }

  /** A string, a number or a boolean as text; "" when absent. */
  text(...path: readonly string[]): string {
    const value = this.#find(path);
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    if (value !== undefined) this.#reject(this.#name(path), value, "a text");
    return "";
  }

  /** What an object says of itself for people: a text or a list of texts, joined. Of any other type it is passed over. */
  words(...path: readonly string[]): string {
    const value = this.#peek(path);
    const parts = isJsonArray(value) ? value : [value];
    return parts.flatMap((part) => (typeof part === "string" && part !== "" ? [part] : [])).join("; ");
  }

  number(...path: readonly string[]): number | undefined {
    const value = this.#find(path);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value !== undefined) this.#reject(this.#name(path), value, "a number");
    return undefined;
  }

  /** A number that counts something: 0 when absent. */
  count(...path: readonly string[]): number {
    return this.number(...path) ?? 0;
  }

  boolean(...path: readonly string[]): boolean {
    const value = this.#find(path);
    if (typeof value === "boolean") return value;
    if (value !== undefined) this.#reject(this.#name(path), value, "a boolean");
    return false;
  }

  /** True for a field that holds something: not absent, not empty, not false, not zero. */
  filled(...path: readonly string[]): boolean {
    const value = this.#peek(path);
    if (isJsonArray(value)) return value.length > 0;
    if (isJsonObject(value)) return Object.keys(value).length > 0;
    return Boolean(value);
  }

  /** The object at a path, as the place to read from; an empty one when it is absent. */
  member(...path: readonly string[]): Fields {
    return new Fields(this.#find(path), this.#name(path), this.#problems);
  }

  /** The objects in a map, such as a status for each member by its name. */
  members(...path: readonly string[]): readonly Fields[] {
    const value = this.#find(path);
    if (value === undefined) return [];
    if (!isJsonObject(value)) {
      this.#reject(this.#name(path), value, "an object");
      return [];
    }
    const name = this.#name(path);
    return Object.entries(value).map(([key, item]) => new Fields(item, `${name}.${key}`, this.#problems));
  }

  has(...path: readonly string[]): boolean {
    return this.#find(path) !== undefined;
  }

  /** The objects in a list; empty when the list is absent. */
  list(...path: readonly string[]): readonly Fields[] {
    return this.#items(this.#find(path), this.#name(path));
  }

  /** The objects in a list that a string field holds as JSON text. */
  jsonList(...path: readonly string[]): readonly Fields[] {
    const text = this.string(...path);
    if (text === "") return [];
    try {
      return this.#items(JSON.parse(text) as JsonValue, this.#name(path));
    } catch {
      this.#problems.push(`${this.#name(path)} is not JSON`);
      return [];
    }
  }

  #items(value: JsonValue | undefined, name: string): readonly Fields[] {
    if (value === undefined || value === null) return [];
    if (!isJsonArray(value)) {
      this.#reject(name, value, "a list");
      return [];
    }
    return value.flatMap((item, index) => {
      if (isJsonObject(item)) return [new Fields(item, `${name}[${index}]`, this.#problems)];
      this.#reject(`${name}[${index}]`, item, "an object");
      return [];
    });
  }

  /** The value at a path, or undefined where a step is not an object: for what may be missing in any form. */
  #peek(path: readonly string[]): JsonValue | undefined {
    let current = this.#value;
    for (const field of path) current = isJsonObject(current) ? current[field] : undefined;
    return current ?? undefined;
  }

  #find(path: readonly string[]): JsonValue | undefined {
    let current = this.#value;
    for (const [depth, field] of path.entries()) {
      if (current === undefined || current === null) return undefined;
      if (!isJsonObject(current)) {
        this.#reject(this.#name(path.slice(0, depth)), current, "an object");
        return undefined;
      }
      current = current[field];
    }
    return current ?? undefined;
  }

  #name(path: readonly string[]): string {
    return [this.#at, ...path].filter((part) => part !== "").join(".");
  }

  #reject(name: string, value: JsonValue, wanted: string): void {
    this.#problems.push(`${name} is ${nameType(value)}, not ${wanted}`);
  }
}

function nameType(value: JsonValue): string {
  if (value === null) return "null";
  if (isJsonArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
