import type { FieldSchema } from "#core/merge/schema.ts";
import type { GroupVersionKind, JsonObject } from "#core/object/index.ts";

/** Where the scale subresource finds its values, as field names from the object's root. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** A text, or a LabelSelector that is printed as one. */
  readonly selector?: readonly string[];
}

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** One kind in one version, as discovery tells of it. */
export interface ServedKind extends GroupVersionKind {
  readonly plural: string;
  readonly singular: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** `group/plural`: what all versions of it are stored under. */
  readonly resource: string;
  /** Status is written through a subresource of its own, and ignored elsewhere. */
  readonly hasStatus: boolean;
  readonly scale?: ScalePaths;
  /** Other subresources that discovery tells of, such as `log` and `eviction` of pods. */
  readonly subresources: readonly string[];
  /** How values are merged and defaulted; undefined for kinds without a schema. */
  readonly merge: FieldSchema | undefined;
  /** For custom resources: the structural OpenAPI v3 schema as the definition has it. */
  readonly openAPI?: JsonObject;
  /** True for a custom resource. */
  readonly isCustom: boolean;
  readonly columns?: readonly PrinterColumn[];
  /** For custom resources: fields that lists can be selected by, such as `spec.color`. */
  readonly selectableFields?: readonly string[];
}

/** Everything that a cluster serves at a moment. */
export interface KindCatalog {
  readonly kinds: readonly ServedKind[];
  /** By the segments of a request's path. */
  find(group: string, version: string, plural: string): ServedKind | undefined;
  findKind(gvk: GroupVersionKind): ServedKind | undefined;
  /** All served versions of a stored resource, preferred first. */
  versionsOf(resource: string): readonly ServedKind[];
}
