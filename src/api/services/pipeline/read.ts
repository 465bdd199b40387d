import type { KubeObject } from "#core/object/index.ts";
import type { HubKey } from "#ports/hub.ts";
import { createBell } from "../../bell.ts";
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
import { projectOf } from "#core/project/project-of.ts";
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
  { caller }: ApiCall,
): Promise<ShapeOf<PipelineList>> {
  // Also when there is none to ask about, an empty answer says nothing to anybody.
  caller.needsNoPermission();
  const isShown = shownTo(context, caller, query);
  const items = [...context.hub.pipelines.values()]
    .filter((pipeline) => isShown(pipeline))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((pipeline) => present<PipelineShape>(pipeline));
  return await Promise.resolve({ items });
}

/** Throws API_FORBIDDEN for a namespace that is not looked at; an empty one means all that are. */
export function isIn(context: ApiContext, asked = ""): (object: KubeObject) => boolean {
  if (asked === "") return () => true;
  const namespace = namespaceOf(context, asked);
  return ({ metadata }) => metadata.namespace === namespace;
}

function keyOf({ metadata: { name = "", namespace = "" } }: KubeObject): string {
  return `${name}/${namespace}`;
}

/** Whether somebody may see a Pipeline now, and asked for it. */
function shownTo(
  context: ApiContext,
  caller: Caller,
  { name = "", projects = [], namespace = "" }: ShapeOf<PipelineQuery>,
): (pipeline: KubeObject) => boolean {
  const isThere = isIn(context, namespace);
  return (pipeline) =>
    isThere(pipeline) &&
    (name === "" || pipeline.metadata.name === name) &&
    (projects.length === 0 || projects.includes(projectOf(pipeline))) &&
    mayOn(context, pipeline, { caller, action: "get" });
}

/**
 * Pipelines as ADDED, then what changes. A client that reads slowly is told the newest state of each and not every one between. Who may not see
 * one any more is told that it is gone: permissions are asked again with every event.
 */
export async function* watch(
  context: ApiContext,
  query: ShapeOf<PipelineQuery>,
  { caller, signal }: ApiCall,
): AsyncIterable<ShapeOf<PipelineWatchEvent>> {
  caller.needsNoPermission();
  const isShown = shownTo(context, caller, query);
  const known = new Map<HubKey, KubeObject>();
  const changed = new Set<HubKey>();
  const bell = createBell(signal);
  using _changes = context.onPipelineChange(({ key }) => {
    changed.add(key);
    bell.ring();
  });
  for (const { metadata } of context.hub.pipelines.values())
    changed.add(`${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
  while (!signal.aborted) {
    for (const key of changed) {
      changed.delete(key);
      const pipeline = context.hub.pipelines.get(key);
      const before = known.get(key);
      if (pipeline !== undefined && isShown(pipeline)) {
        known.set(key, pipeline);
        yield { type: before === undefined ? "ADDED" : "MODIFIED", pipeline: present(pipeline) };
      } else if (before !== undefined) {
        known.delete(key);
        yield { type: "DELETED", pipeline: nameOf(before) };
      }
    }
    await bell.rung();
  }
}

/** All that is told of one which is gone, or has gone to where its reader sees nothing. */
function nameOf({ metadata: { name = "", namespace = "", uid = "" } }: KubeObject): PipelineShape {
  return { metadata: { name, namespace, uid } };
}
