import type { JsonObject, JsonValue } from "#core/object/index.ts";

/**
 * The schema of a field of our own kinds. One description yields three things that then cannot disagree: the CRD's
 * OpenAPI schema (`openapi.ts`), the parser (`parse.ts`) and the TypeScript type (`Infer`).
 */
export type Schema =
  | StringSchema
  | ChoiceSchema
  | BooleanSchema
  | IntegerSchema
  | IntOrStringSchema
  | AnySchema
  | ArraySchema
  | MapSchema
  | ObjectSchema;

interface Described {
  readonly description?: string;
  /** Set by `required`: the object that holds the field is invalid without it. */
  readonly required?: true;
}

export interface StringSchema extends Described {
  readonly kind: "string";
  readonly format?: "date-time";
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/**
 * One of a list of words. The CRD accepts any string unless `enforced`, as Argo CD's does; the parser turns a word
 * that it does not know (an empty one, or one of a newer version) into `otherwise`, or leaves the field out.
 */
export interface ChoiceSchema extends Described {
  readonly kind: "choice";
  readonly values: readonly string[];
  readonly otherwise?: string;
  readonly enforced?: true;
}

interface BooleanSchema extends Described {
  readonly kind: "boolean";
}

interface IntegerSchema extends Described {
  readonly kind: "integer";
}

interface IntOrStringSchema extends Described {
  readonly kind: "intOrString";
}

/** Anything; with `shape: "object"` any object. Its content is kept as it stands. */
interface AnySchema extends Described {
  readonly kind: "any";
  readonly shape?: "object";
}

export interface ArraySchema extends Described {
  readonly kind: "array";
  readonly items: Schema;
}

export interface MapSchema extends Described {
  readonly kind: "map";
  readonly values: Schema;
}

export interface ObjectSchema extends Described {
  readonly kind: "object";
  readonly fields: Fields;
  /** The CRD keeps fields that the schema does not name. */
  readonly open?: true;
}

export type Fields = Readonly<Record<string, Schema>>;

export function string<const O extends Omit<StringSchema, "kind" | "description" | "required">>(
  description?: string,
  options?: O,
) {
  return { kind: "string", ...described(description), ...options } as const;
}

/** A moment in RFC 3339, as Kubernetes writes it: `2026-11-23T20:30:12Z`. */
export function time(description?: string) {
  return { kind: "string", format: "date-time", ...described(description) } as const;
}

export function choice<const V extends string>(
  values: readonly V[],
  options: { readonly otherwise?: V; readonly enforced?: true; readonly description?: string } = {},
) {
  return { kind: "choice", values, ...options } as const;
}

export function boolean(description?: string) {
  return { kind: "boolean", ...described(description) } as const;
}

export function integer(description?: string) {
  return { kind: "integer", ...described(description) } as const;
}

export function intOrString(description?: string) {
  return { kind: "intOrString", ...described(description) } as const;
}

export function anyValue(description?: string) {
  return { kind: "any", ...described(description) } as const;
}

export function anyObject(description?: string) {
  return { kind: "any", shape: "object", ...described(description) } as const;
}

export function array<I extends Schema>(items: I, description?: string) {
  return { kind: "array", items, ...described(description) } as const;
}

export function map<V extends Schema>(values: V, description?: string) {
  return { kind: "map", values, ...described(description) } as const;
}

export function object<F extends Fields>(fields: F, description?: string) {
  return { kind: "object", fields, ...described(description) } as const;
}

/** An object whose named fields are checked and whose other fields are kept. */
export function openObject<F extends Fields>(fields: F, description?: string) {
  return { kind: "object", fields, open: true, ...described(description) } as const;
}

export function required<S extends Schema>(schema: S): S & { readonly required: true } {
  return { ...schema, required: true };
}

function described(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}

/** The TypeScript type of the values that a schema accepts, after parsing. */
export type Infer<S> = S extends { readonly kind: "string" }
  ? string
  : S extends { readonly kind: "choice"; readonly values: readonly (infer V)[] }
    ? V
    : S extends { readonly kind: "boolean" }
      ? boolean
      : S extends { readonly kind: "integer" }
        ? number
        : S extends { readonly kind: "intOrString" }
          ? number | string
          : S extends { readonly kind: "any"; readonly shape: "object" }
            ? JsonObject
            : S extends { readonly kind: "any" }
              ? JsonValue
              : S extends { readonly kind: "array"; readonly items: infer I }
                ? readonly Infer<I>[]
                : S extends { readonly kind: "map"; readonly values: infer V }
                  ? { readonly [field: string]: Infer<V> }
                  : S extends { readonly kind: "object"; readonly fields: infer F }
                    ? InferFields<F>
                    : never;

type InferFields<F> = Flatten<
  {
    readonly [K in keyof F as F[K] extends { readonly required: true } ? K : never]: Infer<F[K]>;
  } & {
    readonly [K in keyof F as F[K] extends { readonly required: true } ? never : K]?: Infer<F[K]>;
  }
>;

type Flatten<T> = { readonly [K in keyof T]: T[K] };
