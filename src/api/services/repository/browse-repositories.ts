import { MooringError } from "#core/errors/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { checkSource, withGlobalRules } from "#core/project/index.ts";
import { viewString } from "#core/object/index.ts";
import { scrubUrls } from "#core/repo/index.ts";
import type { RepositoryName } from "#ports/repository-view.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import { forbidden } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  AppInfo,
  HelmChartsResponse,
  Refs,
  RepoAppsQuery,
  RepoAppsResponse,
  RepoQuery,
} from "../../contract/gen/argocd/repository_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { projectOrDefault } from "../project/find-project.ts";
import { globalsOf } from "../project/read-projects.ts";
import { textsOf } from "./present-repository.ts";
import { findSecret, repositoryKinds } from "./repository-secrets.ts";

/** A repository of the hub that the caller may see. Throws API_FORBIDDEN and CONFIG_NOT_FOUND. */
export function requireRepository(
  context: ApiContext,
  { url, project }: { readonly url: string; readonly project: string | undefined },
  caller: Caller,
): RepositoryName {
  const secret = findSecret(context, repositoryKinds.read, {
    url,
    project: undefined,
    caller,
    action: "get",
  });
  const own = textsOf(secret)["project"] ?? "";
  return { url, project: own === "" ? (project ?? "") : own };
}

/** Branches and tags of a Git repository. */
export async function listRefs(
  context: ApiContext,
  { repo = "", appProject }: ShapeOf<RepoQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<Refs>> {
  const repository = requireRepository(context, { url: repo, project: appProject }, caller);
  return await context.live.repositories.listRefs(repository, signal);
}

/** Tags of an OCI repository. */
export async function listOciTags(
  context: ApiContext,
  { repo = "", appProject }: ShapeOf<RepoQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<Refs>> {
  const repository = requireRepository(context, { url: repo, project: appProject }, caller);
  return { tags: await context.live.repositories.listTags(repository, signal) };
}

/** Charts of a Helm repository with their versions. */
export async function getHelmCharts(
  context: ApiContext,
  { repo = "", appProject }: ShapeOf<RepoQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<HelmChartsResponse>> {
  const repository = requireRepository(context, { url: repo, project: appProject }, caller);
  return { items: await context.live.repositories.listCharts(repository, signal) };
}

interface WantedSource {
  readonly url: string;
  readonly appName: string;
  readonly appProject: string;
}

/**
 * The project for which a source is looked at: the caller may see or create that application in it, and it permits the repository. Throws
 * API_FORBIDDEN and APP_NOT_FOUND.
 */
export function requireSource(
  context: ApiContext,
  { url, appName, appProject }: WantedSource,
  caller: Caller,
): AppProject {
  const { hub } = context;
  const existing = appName === "" ? undefined : hub.applications.get(`${hub.namespace}/${appName}`);
  const name = appProject === "" ? (viewString(existing, "spec", "project") ?? "default") : appProject;
  const asked = { resource: "applications", action: "create", object: `${name}/${appName}` };
  const isOfProject = existing !== undefined && viewString(existing, "spec", "project") === name;
  if (!(isOfProject && caller.may({ ...asked, action: "get" })) && !caller.may(asked))
    throw forbidden(asked, caller.username);
  const own = projectOrDefault(context, name) as AppProject;
  const project = withGlobalRules(own, globalsOf(context, own) as readonly AppProject[]);
  const denial = checkSource(project, url);
  if (denial !== undefined) throw new MooringError("API_FORBIDDEN", denial.message);
  return project;
}

/** Directories of a repository that a tool knows, with the tool. */
export async function listApps(
  context: ApiContext,
  { repo = "", revision = "", appName = "", appProject = "" }: ShapeOf<RepoAppsQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<RepoAppsResponse>> {
  requireRepository(context, { url: repo, project: appProject }, caller);
  const project = requireSource(context, { url: repo, appName, appProject }, caller);
  const source = { repoURL: repo, path: "", targetRevision: revision };
  const { tree } = await context.live.repositories.openSource({ source, project, appName, signal });
  return { items: await findApps(tree, { repo, signal }) };
}

const maxDirectories = 10_000;
const toolFiles: Readonly<Record<string, string>> = {
  "Chart.yaml": "Helm",
  "kustomization.yaml": "Kustomize",
  "kustomization.yml": "Kustomize",
  Kustomization: "Kustomize",
};

async function findApps(
  tree: SourceTree,
  { repo, signal }: { readonly repo: string; readonly signal: AbortSignal },
): Promise<readonly ShapeOf<AppInfo>[]> {
  const found: ShapeOf<AppInfo>[] = [];
  const directories = [""];
  for (let i = 0; i < directories.length; i += 1) {
    const directory = directories[i] ?? "";
    const entries = (await tree.list(directory, signal)) ?? [];
    const at = (name: string) => (directory === "" ? name : `${directory}/${name}`);
    const tool = entries.find(({ type, name }) => type === "file" && Object.hasOwn(toolFiles, name));
    if (tool !== undefined)
      found.push({ path: directory === "" ? "." : directory, type: toolFiles[tool.name] ?? "" });
    directories.push(...entries.filter(({ type }) => type === "directory").map(({ name }) => at(name)));
    if (directories.length > maxDirectories) {
      throw new MooringError(
        "GIT_TOO_LARGE",
        `repository ${scrubUrls(repo)}: has over ${maxDirectories} directories, which are not searched; name the path`,
      );
    }
  }
  return found.toSorted((a, b) => ((a.path ?? "") < (b.path ?? "") ? -1 : 1));
}
