import type { JsonObject, KubeObject } from "#core/object/index.ts";

/** An object without anything but its metadata. */
export function partialOf(object: KubeObject, version: string): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: object.metadata,
  };
}
