import type { JsonObject, KubeObject, ObjectMeta } from "#core/object/index.ts";

/** An object without anything but its metadata. */
export function partialOf(object: KubeObject, version: string): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: object.kind === "DaemonSet" ? withoutCounter(object.metadata) : object.metadata,
  };
}

/** The counter of a DaemonSet's templates is metadata only where the whole object is shown. */
function withoutCounter({ annotations = {}, ...metadata }: ObjectMeta): ObjectMeta {
  const { "deprecated.daemonset.template.generation": _counter, ...others } = annotations;
  return Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others };
}
