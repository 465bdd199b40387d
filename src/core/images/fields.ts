import type { ArraySchema, ObjectSchema, Schema } from "#core/crd/schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

interface Place {
  readonly subject: string;
  readonly path: string;
  readonly schema: ObjectSchema;
}

/** The fields of an object that a person wrote; what its schema does not name is an error, not passed over. */
export class Fields {
  readonly subject: string;
  readonly path: string;
  readonly #object: JsonObject;
  readonly #schema: ObjectSchema;

  /** Throws CONFIG_INVALID. */
  constructor(value: JsonValue | undefined, { subject, path, schema }: Place) {
    this.subject = subject;
    this.path = path;
    this.#schema = schema;
    if (!isJsonObject(value))
      throw new MooringError("CONFIG_INVALID", `${subject}: ${path}: is missing or no map; write it`);
    this.#object = value;
    const names = Object.keys(schema.fields);
    const unknown = Object.keys(value).find((name) => !names.includes(name));
    if (unknown !== undefined) throw this.wrong(unknown, `is not known; use ${names.join(", ")}`);
  }

  wrong(field: string, problem: string): MooringError {
    return new MooringError("CONFIG_INVALID", `${this.subject}: ${this.path}.${field}: ${problem}`);
  }

  value(field: string): JsonValue | undefined {
    return this.#object[field] ?? undefined;
  }

  text(field: string): string | undefined {
    const value = this.value(field);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw this.wrong(field, `is ${JSON.stringify(value)}; write a text`);
    const schema = this.#schema.fields[field];
    const maxLength = schema?.kind === "string" ? schema.maxLength : undefined;
    if (maxLength === undefined || value.length <= maxLength) return value;
    throw this.wrong(field, `has ${value.length} characters; shorten it to at most ${maxLength}`);
  }

  required(field: string): string {
    const text = this.text(field);
    if (text !== undefined && text !== "") return text;
    throw this.wrong(field, "is missing; write it");
  }

  /** One of a few words; the first of them unless told. */
  word<const W extends string>(field: string, words: readonly [W, ...W[]]): W {
    const text = this.text(field) ?? words[0];
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw this.wrong(field, `is ${JSON.stringify(text)}; write ${words.join(" or ")}`);
  }

  flag(field: string): boolean {
    const value = this.value(field) ?? false;
    if (typeof value === "boolean") return value;
    throw this.wrong(field, `is ${JSON.stringify(value)}; write true or false`);
  }

  /** Undefined where it is not there. */
  below(field: string): Fields | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : this.#fields(value, field, this.#schema.fields[field]);
  }

  items(field: string): readonly Fields[] {
    const schema = this.#schema.fields[field] as ArraySchema | undefined;
    return this.list(field).map((value, i) => this.#fields(value, `${field}[${i}]`, schema?.items));
  }

  list(field: string): readonly JsonValue[] {
    const value = this.value(field) ?? [];
    if (isJsonArray(value)) return value;
    throw this.wrong(field, `is no list; write one`);
  }

  texts(field: string): readonly string[] {
    return this.list(field).map((value, i) => {
      if (typeof value === "string" && value !== "") return value;
      throw this.wrong(`${field}[${i}]`, `is ${JSON.stringify(value)}; write a text`);
    });
  }

  #fields(value: JsonValue, field: string, schema: Schema | undefined): Fields {
    if (schema?.kind !== "object") throw new Error(`${this.path}.${field}: has no schema of fields`);
    return new Fields(value, { subject: this.subject, path: `${this.path}.${field}`, schema });
  }
}
