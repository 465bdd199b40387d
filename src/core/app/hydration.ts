import type { ApplicationSource, ApplicationSpec, ApplicationStatus } from "./types.ts";

/** Where manifests are rendered from, where they are committed to, and where the Application syncs from. */
export type SourceHydrator = NonNullable<ApplicationSpec["sourceHydrator"]>;
export type HydratorStatus = NonNullable<ApplicationStatus["sourceHydrator"]>;

/** What is rendered. */
export function drySourceOf({ drySource }: SourceHydrator): ApplicationSource {
  return drySource;
}

/** What is deployed. */
export function syncSourceOf({ drySource, syncSource }: SourceHydrator): ApplicationSource {
  const { repoURL = "", path, targetBranch } = syncSource;
  return { repoURL: repoURL === "" ? drySource.repoURL : repoURL, path, targetRevision: targetBranch };
}

/** The branch that the rendered manifests are committed to; where it is not the one that is deployed, somebody promotes them. */
export function hydratedBranchOf({ syncSource, hydrateTo }: SourceHydrator): string {
  return hydrateTo?.targetBranch ?? syncSource.targetBranch;
}
