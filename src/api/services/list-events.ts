import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Event, EventList } from "../contract/gen/argocd/events_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";

/** Kubernetes' events of an object; those of cluster-scoped objects are in the namespace `default`. */
export async function listEvents(
  cluster: Cluster,
  { metadata }: KubeObject,
  signal: AbortSignal,
): Promise<ShapeOf<EventList>> {
  const { name = "", uid = "", namespace = "" } = metadata;
  const events = await cluster.list(hubTypes.event, {
    namespace: namespace === "" ? "default" : namespace,
    fieldSelector: `involvedObject.name=${name},involvedObject.uid=${uid}`,
    signal,
  });
  return { metadata: {}, items: events.map((event) => present(event)) };
}

/** Who wrote which field of it is nobody's business here. */
function present(event: KubeObject): ShapeOf<Event> {
  const { apiVersion: _version, kind: _kind, metadata, ...fields } = event;
  const { managedFields: _owners, ...shown } = metadata;
  const message = viewString(event, "message") ?? "";
  return { ...(fields as ShapeOf<Event>), metadata: shown as ShapeOf<Event>["metadata"], message };
}
