import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { objectKey } from "#core/object/index.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  ApplicationSetGetQuery,
  ApplicationSetListQuery,
  ApplicationSetWatchQuery,
} from "../../contract/gen/argocd/applicationset_pb.ts";
import type { EventList } from "../../contract/gen/argocd/events_pb.ts";
import type { ApplicationSetList, ApplicationSetWatchEvent } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { isManaged } from "../application/find-application.ts";
import { listEvents } from "../list-events.ts";
import type { SetShape } from "./find-set.ts";
import { findSet, namespaceOf, presentSet, projectOfSet, setPolicyName } from "./find-set.ts";

/** One set. */
export async function get(
  context: ApiContext,
  query: ShapeOf<ApplicationSetGetQuery>,
  { caller, signal }: ApiCall,
): Promise<SetShape> {
  return presentSet(await findSet(context, query, { caller, action: "get", signal }));
}

/** Sets that the caller may see, by name. */
export async function list(
  context: ApiContext,
  { projects = [], selector = "", appsetNamespace = "" }: ShapeOf<ApplicationSetListQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationSetList>> {
  caller.needsNoPermission();
  const options = listOptions(context, { appsetNamespace, selector });
  const all = await context.hub.cluster.list(hubTypes.applicationSet, { ...options, signal });
  const isShown = shownTo(context, caller, projects);
  const items = all
    .filter((set) => isShown(set))
    .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
  return { metadata: {}, items: items.map((set) => presentSet(set)) };
}

function listOptions(
  context: ApiContext,
  { appsetNamespace, selector }: { readonly appsetNamespace: string; readonly selector: string },
) {
  return {
    ...(appsetNamespace === "" && context.admitsNamespace("any")
      ? {}
      : { namespace: namespaceOf(context, appsetNamespace) }),
    ...(selector === "" ? {} : { labelSelector: selector }),
  };
}

/** Whether somebody may see a set now, and asked for it. */
function shownTo(
  context: ApiContext,
  caller: Caller,
  projects: readonly string[],
): (set: KubeObject) => boolean {
  return (set) => {
    const { namespace = "", name = "" } = set.metadata;
    const project = projectOfSet(set);
    const object = setPolicyName(context, { project, namespace, name });
    return (
      isManaged(context, namespace) &&
      (projects.length === 0 || projects.includes(project)) &&
      caller.may({ resource: "applicationsets", action: "get", object })
    );
  };
}

/** The sets as ADDED, then what changes. Who may not see one any more is told that it is gone. */
export async function* watch(
  context: ApiContext,
  query: ShapeOf<ApplicationSetWatchQuery>,
  { caller, signal }: ApiCall,
): AsyncIterable<ShapeOf<ApplicationSetWatchEvent>> {
  caller.needsNoPermission();
  const { name = "", projects = [], selector = "", appSetNamespace = "" } = query;
  const options = listOptions(context, { appsetNamespace: appSetNamespace, selector });
  const isShown = shownTo(context, caller, projects);
  const known = new Set<string>();
  for await (const event of context.hub.cluster.watch(hubTypes.applicationSet, { ...options, signal })) {
    if (event.type !== "applied" && event.type !== "deleted") continue;
    const { object } = event;
    if (name !== "" && object.metadata.name !== name) continue;
    const key = objectKey({
      group: "argoproj.io",
      kind: "ApplicationSet",
      namespace: object.metadata.namespace ?? "",
      name: object.metadata.name ?? "",
    });
    const applicationSet = presentSet(object);
    if (event.type === "applied" && isShown(object)) {
      yield { type: known.has(key) ? "MODIFIED" : "ADDED", applicationSet };
      known.add(key);
    } else if (known.delete(key)) yield { type: "DELETED", applicationSet };
  }
}

/** Kubernetes' events of a set. */
export async function listSetEvents(
  context: ApiContext,
  query: ShapeOf<ApplicationSetGetQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<EventList>> {
  const set = await findSet(context, query, { caller, action: "get", signal });
  return await listEvents(context.hub.cluster, set, signal);
}
