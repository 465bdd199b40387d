import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { Target } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { detailsOf, forbidden, notFound } from "./refusals.ts";

/** What namespaces are stored under. */
export const namespaces = "/namespaces";

/** Throws when nothing new may be made in the target's namespace: it is not there, or it is ending. */
export function checkNamespace(state: ClusterState, target: Target): void {
  const { kind, namespace } = target;
  if (!kind.namespaced) return;
  const found = state.store.read({ resource: namespaces, namespace: "", name: namespace });
  if (found === undefined) {
    const [type] = state.catalog().versionsOf(namespaces);
    if (type !== undefined) throw notFound({ kind: type, name: namespace });
    return;
  }
  const isEnding = found.object.metadata.deletionTimestamp !== undefined;
  if (!isEnding && viewString(found.object, "status", "phase") !== "Terminating") return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(target, why, {
    ...detailsOf(target),
    causes: [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  });
}

/** What a namespace waits for is said through its `finalize` subresource alone. */
export function keepFinalizers(
  { kind, subresource }: Target,
  live: KubeObject,
  next: KubeObject,
): KubeObject {
  if (kind.resource !== namespaces || subresource === "finalize") return next;
  const { finalizers: _given, ...spec } = viewObject(next, "spec");
  const finalizers = viewArray(live, "spec", "finalizers");
  return { ...next, spec: finalizers.length === 0 ? spec : { ...spec, finalizers } };
}
