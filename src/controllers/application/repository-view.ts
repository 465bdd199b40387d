import { MooringError } from "#core/errors/index.ts";
import { referToSource } from "#core/hub/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { resolveRegistryAccess, resolveRepositoryAccess } from "#core/repo/index.ts";
import { chooseTool, normalisePath } from "#core/source/index.ts";
import { followDirectory } from "#engine/follow-directory.ts";
import { fetcherForSource, openSource, pathOf, resolveRevision } from "#engine/open-source.ts";
import { withOverrides } from "#engine/read-overrides.ts";
import { renderSource } from "#engine/render-source.ts";
import type { OpenedSource, RepositoryName, RepositoryView, SourceRequest } from "#ports/repository-view.ts";
import type { ApplicationDeps } from "./deps.ts";
import { accessFor } from "./refresh-desired.ts";

type Deps = Pick<ApplicationDeps, "adapters" | "config">;

/** An answer of a repository that is younger is not asked for again. */
const maxAgeMs = 60_000;

/** What clients want to see of repositories, with the credentials of the hub. */
export function createRepositoryView(deps: Deps): RepositoryView {
  const { git, registry } = deps.adapters;
  const scopeOf = ({ project }: RepositoryName) => (project === "" ? undefined : project);
  const registryOf = (name: RepositoryName) =>
    resolveRegistryAccess(name.url, scopeOf(name), deps.config().repositories);
  return {
    listRefs: async (name, signal) => {
      const access = resolveRepositoryAccess(name.url, scopeOf(name), deps.config().repositories);
      return await git.listRefs(access, { maxAgeMs, signal });
    },
    listTags: async (name, signal) => await registry.listTags(registryOf(name), { maxAgeMs, signal }),
    listCharts: async (name, signal) => await registry.listCharts(registryOf(name), { maxAgeMs, signal }),
    openSource: async (request) => await open(request, deps),
  };
}

async function open(
  { source: asked, project, appName, signal }: SourceRequest,
  { adapters, config }: Deps,
): Promise<OpenedSource> {
  const { repositories, settings } = config();
  const reference = referToSource(asked, project, repositories);
  const access = accessFor({ project, repositories }, adapters, { maxAgeMs, signal });
  const revision = await resolveRevision(reference, "", access);
  const tree = await openSource(reference, revision, access);
  const directory = await followDirectory(tree, normalisePath(pathOf(reference)), signal);
  const entries = await tree.list(directory, signal);
  if (entries === undefined) {
    throw new MooringError(
      "RENDER_PATH_NOT_FOUND",
      `source.path: ${JSON.stringify(directory)} is no directory at ${revision}; correct it`,
    );
  }
  const source = await withOverrides(reference.source, { tree, directory, appName, signal });
  const files = entries.filter((entry) => entry.type !== "directory").map((entry) => entry.name);
  const render = async (): Promise<readonly KubeObject[]> => {
    const { manifests } = await renderSource(0, {
      renderer: adapters.renderer,
      fetcherFor: (one) => fetcherForSource(one, access),
      subject: { name: appName, instance: appName, namespace: "", project: project.metadata.name },
      settings: settings.source,
      sources: [reference],
      revisions: [revision],
      open: () => Promise.resolve(tree),
      facts: () => Promise.resolve({ kubeVersion: "", apiVersions: [] }),
      signal,
    });
    return JSON.parse(new TextDecoder().decode(manifests)) as readonly KubeObject[];
  };
  return {
    tree,
    directory,
    source,
    tool: chooseTool(source, { files, enabled: settings.source.enabled }),
    render,
  };
}
