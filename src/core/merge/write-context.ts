import type { Comparison } from "./comparison.ts";
import { compareValues } from "./comparison.ts";
import type { FieldPath } from "./path.ts";
import { comparisonWithoutReset, resetFieldsOf } from "./reset-fields.ts";
import type { FieldSchema } from "./schema.ts";
import { deduced } from "./schema.ts";
import type { KubeObject } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";

/** How an object looks in another version of its kind. */
interface VersionView {
  readonly schema: FieldSchema | undefined;
  convert(object: KubeObject): KubeObject;
}

/** Who writes an object, when, and by which rules. */
export interface WriteContext {
  /** Undefined for a kind without a schema: maps are then granular and lists atomic. */
  readonly schema: FieldSchema | undefined;
  readonly manager: string;
  /** The version that the request speaks, which is that of the objects. */
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /**
   * Now, RFC 3339 in UTC, whole seconds. Empty for a write through `scale`, whose entries the API server leaves without a
   * time.
   */
  readonly time: string;
  /** Status is written through a subresource of its own, and ignored elsewhere. */
  readonly hasStatus: boolean;
  /**
   * The object in the version that a manager wrote; undefined for a version that is no longer known, whose managers are
   * then forgotten. Without it all versions look alike.
   */
  readonly versions?: (apiVersion: string) => VersionView | undefined;
}

/** A write whose reset fields are known. */
export interface Write extends WriteContext {
  readonly reset: readonly FieldPath[];
}

export function writeOf<T extends WriteContext>(context: T, object: KubeObject): T & Write {
  const { subresource, hasStatus, schema } = context;
  const isCustom = schema?.omitsEmpty !== true;
  return { ...context, reset: resetFieldsOf({ ...gvkOf(object), subresource, hasStatus, isCustom }) };
}

/** Compares two states of an object in any version, each only once. Undefined for a version that is not known. */
export function comparer(
  write: Write,
  [before, after]: readonly [KubeObject, KubeObject],
): (apiVersion: string) => Comparison | undefined {
  const compared = new Map<string, Comparison | undefined>();
  const compareIn = (apiVersion: string): Comparison | undefined => {
    const view = viewOf(write, apiVersion);
    if (view === undefined) return undefined;
    const comparison = compareValues(view.schema ?? deduced, view.convert(before), view.convert(after));
    return comparisonWithoutReset(comparison, write.reset);
  };
  return (apiVersion) => {
    if (!compared.has(apiVersion)) compared.set(apiVersion, compareIn(apiVersion));
    return compared.get(apiVersion);
  };
}

/** The object in the version that a manager wrote. */
export function viewOf(
  { schema, apiVersion, versions }: WriteContext,
  asked: string,
): VersionView | undefined {
  if (versions === undefined || asked === apiVersion) return { schema, convert: (object) => object };
  return versions(asked);
}
