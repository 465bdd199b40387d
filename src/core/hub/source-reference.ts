import type { ApplicationSource } from "#core/app/index.ts";
import type { AppProject } from "#core/project/index.ts";
import type { RepositoryAccess, RepositoryConfig } from "#core/repo/index.ts";
import { resolveRepositoryAccess, scrubUrls } from "#core/repo/index.ts";

/** A source with where it is fetched from. */
export type SourceReference =
  | {
      readonly kind: "git";
      readonly source: ApplicationSource;
      /** Without credentials, for messages, caches and build variables. */
      readonly url: string;
      readonly access: RepositoryAccess;
    }
  /** A chart of a Helm repository or an OCI registry. */
  | {
      readonly kind: "chart";
      readonly source: ApplicationSource;
      readonly url: string;
      readonly chart: string;
    }
  /** An OCI artifact that holds manifests. */
  | { readonly kind: "artifact"; readonly source: ApplicationSource; readonly url: string };

/** Where a source is fetched from. Throws GIT_INVALID for a repository that cannot be one. */
export function referToSource(
  source: ApplicationSource,
  project: AppProject,
  repositories: RepositoryConfig,
): SourceReference {
  const { chart = "", repoURL } = source;
  if (chart !== "") return { kind: "chart", source, url: registryUrl(repoURL), chart };
  if (repoURL.startsWith("oci://")) return { kind: "artifact", source, url: scrubUrls(repoURL) };
  const access = resolveRepositoryAccess(repoURL, project.metadata.name, repositories);
  return { kind: "git", source, url: access.url, access };
}

/** Argo CD writes OCI registries of charts without a scheme. */
function registryUrl(url: string): string {
  return scrubUrls(url.includes("://") ? url : `oci://${url}`);
}
