import { MooringError } from "#core/errors/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { checkSource } from "#core/project/index.ts";
import type { RegistryAccess, RepositoryAccess, RepositoryConfig } from "#core/repo/index.ts";
import {
  parseRepositoryUrl,
  repositoryMatchKey,
  resolveFileAccess,
  resolveRegistryAccess,
  resolveRepositoryAccess,
} from "#core/repo/index.ts";
import type { FetchOptions, FetchPolicy } from "./open-source.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Registry } from "#ports/registry.ts";
import type { RemoteSource, ResolvedSource, SourceFetcher } from "#ports/source-fetcher.ts";
import type { SourceTree } from "#ports/source-tree.ts";

/** How what a source refers to is reached; each may throw when it may not be. */
export interface SourceAccess {
  git(url: string): RepositoryAccess;
  chart(repository: string): RegistryAccess;
  file(url: string): RegistryAccess;
}

export interface SourceFetcherOptions {
  readonly git: GitStore;
  readonly registry: Registry;
  readonly access: SourceAccess;
  /** Answers of repositories not older than this will do; 0 asks them now. */
  readonly maxAgeMs: number;
  /** Where there is no answer, the last one will do. */
  readonly orKnown?: boolean | undefined;
}

/**
 * What a project's applications may use of the hub's repositories. As in Argo CD, `sourceRepos` does not restrict what a chart depends on
 * or a kustomization builds on: it is fetched, but nobody's credentials go along where the project does not permit the repository.
 */
export function projectAccess(
  project: AppProject,
  config: RepositoryConfig,
  options: { readonly passCredentials: boolean },
): SourceAccess {
  const { name } = project.metadata;
  const anonymous: RepositoryConfig = { ...config, repositories: [], templates: [] };
  const configFor = (url: string) => (checkSource(project, url) === undefined ? config : anonymous);
  return {
    git: (url) => {
      const access = resolveRepositoryAccess(url, name, configFor(url));
      if (isOnThisMachine(access.url) && !isConfigured(access.url, name, config)) throw ownDisk(access.url);
      return access;
    },
    chart: (repository) => {
      // The name of a repository must be looked up before its URL can be judged.
      const { url } = resolveRegistryAccess(repository, name, config);
      const isOci = !repository.includes("://") && url.startsWith("oci://");
      const judged = configFor(isOci ? url.slice("oci://".length) : url);
      const resolved = resolveRegistryAccess(judged === config ? repository : url, name, judged);
      return options.passCredentials ? { ...resolved, passCredentials: true } : resolved;
    },
    file: (url) => resolveFileAccess(url, name, config),
  };
}

function isOnThisMachine(url: string): boolean {
  return parseRepositoryUrl(url).transport === "file";
}

function isConfigured(url: string, project: string, { repositories }: RepositoryConfig): boolean {
  const key = repositoryMatchKey(url);
  return repositories.some(
    (known) => ["", project].includes(known.project) && repositoryMatchKey(known.url) === key,
  );
}

/**
 * A base of a stranger could otherwise read the mirrors of other projects, or what a user has on the disk. No `RENDER_` error: those
 * are remembered as what the files say, and this one ends when somebody configures the repository.
 */
function ownDisk(url: string): MooringError {
  return new MooringError(
    "GIT_INVALID",
    `${url}: a base on this machine's own disk is not read; use https or ssh, or configure it as a repository`,
  );
}

/** What brings charts, artifacts and what sources refer to elsewhere, on behalf of a project. */
export function fetcherForPolicy(
  { project, repositories }: FetchPolicy,
  {
    git,
    registry,
    maxAgeMs,
    passCredentials,
    orKnown,
  }: FetchOptions & Pick<SourceFetcherOptions, "git" | "registry">,
): SourceFetcher {
  const access = projectAccess(project, repositories, { passCredentials });
  return createSourceFetcher({ git, registry, access, maxAgeMs, orKnown });
}

/** Brings what renders refer to from Git, chart repositories, registries and web servers. */
export function createSourceFetcher(options: SourceFetcherOptions): SourceFetcher {
  return {
    resolve: async (source, signal) => (await find(source, options, signal)).resolved,
    fetch: async (source, signal) => {
      const { resolved, open } = await find(source, options, signal);
      return { ...resolved, tree: await open() };
    },
  };
}

interface Found {
  readonly resolved: ResolvedSource;
  readonly open: () => Promise<SourceTree>;
}

async function find(
  source: RemoteSource,
  { git, registry, access, maxAgeMs, orKnown }: SourceFetcherOptions,
  signal: AbortSignal,
): Promise<Found> {
  const asking = { maxAgeMs, signal, orKnown };
  switch (source.kind) {
    case "git": {
      const repository = access.git(source.url);
      const { commit: id } = await git.resolve(repository, source.revision, asking);
      return { resolved: { id }, open: () => git.open(repository, id, signal) };
    }
    case "chart": {
      const repository = access.chart(source.repository);
      const chart = await registry.resolveChart(repository, source, asking);
      const { digest: id, version } = chart;
      return { resolved: { id, version }, open: () => registry.openChart(repository, chart, signal) };
    }
    case "artifact": {
      const repository = access.chart(source.url);
      const { digest: id } = await registry.resolveArtifact(repository, source.revision, asking);
      return { resolved: { id }, open: () => registry.openArtifact(repository, id, signal) };
    }
    case "file": {
      const tree = await registry.openFile(access.file(source.url), asking);
      return { resolved: { id: tree.revision }, open: () => Promise.resolve(tree) };
    }
    default:
      throw new Error(`unhandled source: ${JSON.stringify(source satisfies never)}`);
  }
}
