import type { FetchOptions, FetchPolicy } from "#engine/open-source.ts";
import { createSourceFetcher, projectAccess } from "#engine/source-fetcher.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { Registry } from "#ports/registry.ts";
import type { SourceFetcher } from "#ports/source-fetcher.ts";

/** What the applications of a project may fetch, with the project's credentials. */
export function fetchFor(
  { git, registry }: { readonly git: GitStore; readonly registry: Registry },
  { project, repositories }: FetchPolicy,
  { maxAgeMs, passCredentials }: FetchOptions,
): SourceFetcher {
  const access = projectAccess(project, repositories, { passCredentials });
  return createSourceFetcher({ git, registry, access, maxAgeMs });
}
