import type { JsonValue } from "#core/object/index.ts";

/**
 * One node of a kind's structural schema, as far as merging, comparing and defaulting need it. Children are resolved
 * lazily because Kubernetes schemas are recursive (JSONSchemaProps).
 */
export interface FieldSchema {
  readonly type: "scalar" | "map" | "list" | "untyped";
  /** For a map: the whole value is one field (`x-kubernetes-map-type: atomic`). For a list: see listType. */
  readonly atomic: boolean;
  /** `x-kubernetes-list-type`; atomic where the schema says nothing. */
  readonly listType?: "atomic" | "set" | "map";
  readonly listKeys?: readonly string[];
  /** `int-or-string`, `quantity`, `date-time`, `byte`, …; used by comparison. */
  readonly format?: string;
  readonly default?: JsonValue;
  /** Schema of a named field or, for free-form maps, of any value. */
  field(name: string): FieldSchema | undefined;
  /** Names of the declared fields; empty for a free-form map. */
  readonly fieldNames: readonly string[];
  readonly items: FieldSchema | undefined;
}
