import type { AppProject } from "#core/project/index.ts";
import { globalProjectsOf } from "#core/project/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { windowStatus } from "#core/windows/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  GlobalProjectsResponse,
  ListProjectLinksRequest,
  ProjectQuery,
  SyncWindowsQuery,
  SyncWindowsResponse,
} from "../../contract/gen/argocd/project_pb.ts";
import type { LinksResponse } from "../../contract/gen/argocd/application_pb.ts";
import type { EventList } from "../../contract/gen/argocd/events_pb.ts";
import type { AppProjectList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { listEvents } from "../list-events.ts";
import type { ProjectShape } from "./find-project.ts";
import { deepLinks, withoutOwners } from "../deep-links.ts";
import { findProject, presentProject } from "./find-project.ts";

/** Projects that the caller may see, by name. */
export async function list(
  { hub }: ApiContext,
  _query: ShapeOf<ProjectQuery>,
  { caller }: ApiCall,
): Promise<ShapeOf<AppProjectList>> {
  caller.needsNoPermission();
  const items = [...hub.projects.values()]
    .filter(({ metadata }) =>
      caller.may({ resource: "projects", action: "get", object: metadata.name ?? "" }),
    )
    .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1))
    .map((project) => presentProject(project));
  return Promise.resolve({ metadata: {}, items });
}

/** One project. */
export async function get(
  context: ApiContext,
  { name = "" }: ShapeOf<ProjectQuery>,
  { caller }: ApiCall,
): Promise<ProjectShape> {
  return Promise.resolve(presentProject(findProject(context, name, { caller, action: "get" })));
}

/** The global projects whose rules a project has. */
export async function getGlobalProjects(
  context: ApiContext,
  { name = "" }: ShapeOf<ProjectQuery>,
  { caller }: ApiCall,
): Promise<ShapeOf<GlobalProjectsResponse>> {
  const project = findProject(context, name, { caller, action: "get" });
  const items = globalsOf(context, project).map((one) => presentProject(one));
  return Promise.resolve({ items });
}

export function globalsOf({ hub, config }: ApiContext, project: KubeObject): readonly KubeObject[] {
  return globalProjectsOf(project, config().settings.globalProjects)
    .map((name) => hub.projects.get(`${hub.namespace}/${name}`))
    .filter((one) => one !== undefined);
}

/** The windows of a project that are open now. */
export async function getSyncWindowsState(
  context: ApiContext,
  { name = "" }: ShapeOf<SyncWindowsQuery>,
  { caller }: ApiCall,
): Promise<ShapeOf<SyncWindowsResponse>> {
  const { spec } = findProject(context, name, { caller, action: "get" }) as AppProject;
  const nowMs = context.clock.now();
  return Promise.resolve({
    windows: (spec.syncWindows ?? []).filter((window) => windowStatus(window, nowMs) === "Active"),
  });
}

/** Kubernetes' events of a project. */
export async function listProjectEvents(
  context: ApiContext,
  { name = "" }: ShapeOf<ProjectQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<EventList>> {
  return await listEvents(context.hub.cluster, findProject(context, name, { caller, action: "get" }), signal);
}

/** What `project.links` of argocd-cm defines for a project. */
export async function listProjectLinks(
  context: ApiContext,
  { name = "" }: ShapeOf<ListProjectLinksRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<LinksResponse>> {
  const project = withoutOwners(findProject(context, name, { caller, action: "get" }));
  return deepLinks(context, "project.links", { data: { project }, signal });
}
