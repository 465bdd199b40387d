import type { RepositoryConfig, RepositorySettings } from "#core/repo/index.ts";
import { resolveRegistryAccess, resolveRepositoryAccess } from "#core/repo/index.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Registry } from "#ports/registry.ts";

interface RepositoryTest {
  readonly repositories: RepositoryConfig;
  /** Only the one that the repository's kind needs is called for. */
  readonly git: () => Promise<Pick<GitStore, "test">>;
  readonly registry: () => Promise<Pick<Registry, "test">>;
  readonly signal: AbortSignal;
}

/** Asks a repository of any kind whether it can be reached with its settings. Throws what is wrong. */
export async function testRepository(
  { type, url, project }: RepositorySettings,
  { repositories, git, registry, signal }: RepositoryTest,
): Promise<void> {
  const scope = project === "" ? undefined : project;
  if (type === "git") await (await git()).test(resolveRepositoryAccess(url, scope, repositories), signal);
  else await (await registry()).test(resolveRegistryAccess(url, scope, repositories), signal);
}
