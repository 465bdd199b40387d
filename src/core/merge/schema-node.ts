import type { FieldSchema, PatchStrategy, ScalarType } from "./schema.ts";
import { deduced } from "./schema.ts";
import type { JsonValue } from "#core/object/index.ts";

/** Where a child's schema comes from: here, or another component that may not be built yet. */
export type SchemaSource = FieldSchema | SchemaReference;

export interface SchemaShape {
  readonly type: FieldSchema["type"];
  readonly atomic?: boolean;
  readonly listType?: "atomic" | "set" | "map";
  readonly listKeys?: readonly string[];
  readonly format?: string;
  readonly default?: JsonValue;
  readonly patch?: PatchStrategy;
  readonly name?: string;
  readonly omitsEmpty?: boolean;
  readonly scalar?: ScalarType;
  readonly required?: ReadonlySet<string>;
  readonly fields?: ReadonlyMap<string, SchemaSource>;
  /** Schema of the values of a free-form map. */
  readonly values?: SchemaSource;
  readonly items?: SchemaSource;
}

/** A schema that lives in another component, with what its place in the parent adds. */
export class SchemaReference {
  readonly #component: string;
  readonly #overrides: Partial<SchemaShape>;
  readonly #resolve: (component: string) => SchemaNode | undefined;
  #resolved: FieldSchema | undefined;

  constructor(
    component: string,
    overrides: Partial<SchemaShape>,
    resolve: (component: string) => SchemaNode | undefined,
  ) {
    this.#component = component;
    this.#overrides = overrides;
    this.#resolve = resolve;
  }

  get(): FieldSchema {
    this.#resolved ??= this.#resolve(this.#component)?.with(this.#overrides) ?? deduced;
    return this.#resolved;
  }
}

/** A schema node that was read from OpenAPI. */
export class SchemaNode implements FieldSchema {
  readonly #shape: SchemaShape;

  constructor(shape: SchemaShape) {
    this.#shape = shape;
  }

  get type(): FieldSchema["type"] {
    return this.#shape.type;
  }

  get atomic(): boolean {
    return this.#shape.atomic ?? false;
  }

  get listType(): "atomic" | "set" | "map" | undefined {
    return this.#shape.listType;
  }

  get listKeys(): readonly string[] | undefined {
    return this.#shape.listKeys;
  }

  get format(): string | undefined {
    return this.#shape.format;
  }

  get default(): JsonValue | undefined {
    return this.#shape.default;
  }

  get patch(): PatchStrategy | undefined {
    return this.#shape.patch;
  }

  get name(): string | undefined {
    return this.#shape.name;
  }

  get omitsEmpty(): boolean {
    return this.#shape.omitsEmpty ?? false;
  }

  get scalar(): ScalarType | undefined {
    return this.#shape.scalar;
  }

  get fieldNames(): readonly string[] {
    return [...(this.#shape.fields?.keys() ?? [])];
  }

  get items(): FieldSchema | undefined {
    return resolved(this.#shape.items);
  }

  field(name: string): FieldSchema | undefined {
    return resolved(this.#shape.fields?.get(name) ?? this.#shape.values);
  }

  declares(name: string): boolean {
    return this.#shape.fields?.has(name) ?? false;
  }

  requires(name: string): boolean {
    return this.#shape.required?.has(name) ?? false;
  }

  with(overrides: Partial<SchemaShape>): SchemaNode {
    return Object.keys(overrides).length === 0 ? this : new SchemaNode({ ...this.#shape, ...overrides });
  }
}

function resolved(source: SchemaSource | undefined): FieldSchema | undefined {
  return source instanceof SchemaReference ? source.get() : source;
}
