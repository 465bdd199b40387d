import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergePatchOf, viewObject } from "#core/object/index.ts";

/**
 * The merge patch that gives an object the labels, annotations, finalizers and spec of another; undefined when it has them. What else it
 * has is its controllers'.
 */
export function patchTo(before: KubeObject, after: KubeObject): JsonObject | undefined {
  const owned = ({ metadata }: KubeObject): JsonObject => ({
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
  });
  const metadata = mergePatchOf(owned(before), owned(after));
  const spec = mergePatchOf(viewObject(before, "spec"), viewObject(after, "spec"));
  if (metadata === undefined && spec === undefined) return undefined;
  return { ...(metadata === undefined ? {} : { metadata }), ...(spec === undefined ? {} : { spec }) };
}
