import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ListOptions, ResourceType } from "#ports/cluster.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  Pipeline,
  PipelineList,
  PipelineName,
  PipelineQuery,
  PipelineWatchEvent,
} from "../../contract/gen/mooring/pipeline_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { isManaged, projectOf } from "../application/find-application.ts";
import { findPipeline, mayOn, namespaceOf, present } from "./find.ts";

export type PipelineShape = ShapeOf<Pipeline>;

export async function get(
  context: ApiContext,
  query: ShapeOf<PipelineName>,
  { caller, signal }: ApiCall,
): Promise<PipelineShape> {
  return present(await findPipeline(context, query, { caller, action: "get", signal }));
}

/** Pipelines that the caller may see, by name. */
export async function list(
  context: ApiContext,
  query: ShapeOf<PipelineQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<PipelineList>> {
  // Also when there is none to ask about, an empty answer says nothing to anybody.
  caller.needsNoPermission();
  const options = { ...within(context, query.namespace), signal };
  const all = await listInstalled(context, hubTypes.pipeline, options);
  const isShown = shownTo(context, caller, query);
  const items = all
    .filter((pipeline) => isShown(pipeline))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((pipeline) => present<PipelineShape>(pipeline));
  return { items };
}

/** What there is of a kind; nothing where its definition is not installed. */
export async function listInstalled(
  { hub }: Pick<ApiContext, "hub">,
  type: ResourceType,
  options: ListOptions,
): Promise<readonly KubeObject[]> {
  try {
    return await hub.cluster.list(type, options);
  } catch (error) {
    if (isMooringError(error, "KUBE_NOT_FOUND")) return [];
    throw error;
  }
}

/** Where is to be looked: one namespace, or everywhere. */
export function within(context: ApiContext, namespace = ""): { readonly namespace?: string } {
  const isEverywhere = namespace === "" && context.admitsNamespace("any");
  return isEverywhere ? {} : { namespace: namespaceOf(context, namespace) };
}

function keyOf({ metadata: { name = "", namespace = "" } }: KubeObject): string {
  return `${name}/${namespace}`;
}

/** Whether somebody may see a Pipeline now, and asked for it. */
function shownTo(
  context: ApiContext,
  caller: Caller,
  { name = "", projects = [] }: ShapeOf<PipelineQuery>,
): (pipeline: KubeObject) => boolean {
  return (pipeline) =>
    isManaged(context, pipeline.metadata.namespace ?? "") &&
    (name === "" || pipeline.metadata.name === name) &&
    (projects.length === 0 || projects.includes(projectOf(pipeline))) &&
    mayOn(context, pipeline, { caller, action: "get" });
}

/** Pipelines as ADDED, then what changes. Who may not see one any more is told that it is gone. */
export async function* watch(
  context: ApiContext,
  query: ShapeOf<PipelineQuery>,
  { caller, signal }: ApiCall,
): AsyncIterable<ShapeOf<PipelineWatchEvent>> {
  caller.needsNoPermission();
  const isShown = shownTo(context, caller, query);
  const known = new Set<string>();
  const options = { ...within(context, query.namespace), signal };
  for await (const event of context.hub.cluster.watch(hubTypes.pipeline, options)) {
    if (event.type !== "applied" && event.type !== "deleted") continue;
    const { object } = event;
    const key = keyOf(object);
    if (event.type === "applied" && isShown(object)) {
      yield { type: known.has(key) ? "MODIFIED" : "ADDED", pipeline: present(object) };
      known.add(key);
    } else if (known.delete(key)) yield { type: "DELETED", pipeline: leaving(object, event.type) };
  }
}

/** What goes because its reader may not see it any more goes without what it has become. */
function leaving(object: KubeObject, event: "applied" | "deleted"): PipelineShape {
  if (event === "deleted") return present(object);
  const { name = "", namespace = "" } = object.metadata;
  return { metadata: { name, namespace, uid: viewString(object, "metadata", "uid") ?? "" } };
}
