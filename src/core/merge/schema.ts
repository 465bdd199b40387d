import type { JsonValue } from "#core/object/index.ts";

/** How a strategic merge patch treats a value, as its schema says. */
export interface PatchStrategy {
  /** Lists are merged by their key, or as a set where there is none; otherwise they are replaced. */
  readonly merge: boolean;
  /** Fields that a patch does not name go. */
  readonly retainKeys: boolean;
  readonly mergeKey?: string;
}

export type ScalarType = "string" | "numeric" | "boolean";

/**
 * One node of a kind's structural schema, as far as merging, comparing and defaulting need it. Children are resolved
 * lazily because Kubernetes schemas are recursive (JSONSchemaProps).
 */
export interface FieldSchema {
  readonly type: "scalar" | "map" | "list" | "untyped";
  /**
   * For a map: the whole value is one field (`x-kubernetes-map-type: atomic`). For a list: see listType. For an untyped
   * value: true means one field whatever it holds; false means that maps are granular and lists atomic.
   */
  readonly atomic: boolean;
  /** `x-kubernetes-list-type`; atomic where the schema says nothing. */
  readonly listType?: "atomic" | "set" | "map" | undefined;
  readonly listKeys?: readonly string[] | undefined;
  /** `int-or-string`, `quantity`, `duration`, `date-time`, `byte`, …; used by comparison. */
  readonly format?: string | undefined;
  readonly default?: JsonValue | undefined;
  /** Undefined where the schema says nothing: maps are merged, lists replaced. */
  readonly patch?: PatchStrategy | undefined;
  /** Name of the OpenAPI component that this node is, such as `io.k8s.api.core.v1.Container`. */
  readonly name?: string | undefined;
  /** True for built-in kinds, whose server-side Go types drop empty lists, empty free-form maps and zero values. */
  readonly omitsEmpty?: boolean | undefined;
  /** For a scalar: what an applied value has to be; undefined where any scalar will do. */
  readonly scalar?: ScalarType | undefined;
  /** Schema of a named field or, for free-form maps, of any value. */
  field(name: string): FieldSchema | undefined;
  /** True for a field that the schema names; false for a key of a free-form map. */
  declares(name: string): boolean;
  /** True for a field that is in every object of a built-in kind, null or zero if it is not set. */
  requires?(name: string): boolean;
  /** Names of the declared fields; empty for a free-form map. */
  readonly fieldNames: readonly string[];
  readonly items: FieldSchema | undefined;
}

/** A value that is one field whatever it holds, such as RawExtension. */
export const untypedAtomic: FieldSchema = {
  type: "untyped",
  atomic: true,
  fieldNames: [],
  declares: () => false,
  field: () => untypedAtomic,
  get items() {
    return untypedAtomic;
  },
};

/** What the API server assumes where it has no schema: maps are granular, lists are atomic. */
export const deduced: FieldSchema = {
  type: "untyped",
  atomic: false,
  fieldNames: [],
  declares: () => false,
  field: () => deduced,
  items: untypedAtomic,
};
