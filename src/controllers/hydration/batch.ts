import type { Application, SourceHydrator } from "#core/app/index.ts";
import { appKeyOf, drySourceOf, hydratedBranchOf, syncSourceOf } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { repositoryMatchKey, scrubUrls } from "#core/repo/index.ts";
import { normalisePath } from "#core/source/index.ts";

/** An Application that is hydrated. */
export interface HydratedApplication {
  readonly app: Application;
  readonly hydrator: SourceHydrator;
}

/** A repository's branch that manifests are committed to; work on one is never done twice at a time. */
export type BranchKey = string;

/** Undefined for an Application that is not hydrated. */
export function hydratedApplication(app: Application): HydratedApplication | undefined {
  const hydrator = app.spec.sourceHydrator;
  return hydrator === undefined ? undefined : { app, hydrator };
}

export function branchKeyOf(hydrator: SourceHydrator): BranchKey {
  return JSON.stringify([addressOf(syncSourceOf(hydrator).repoURL), hydratedBranchOf(hydrator)]);
}

/** Applications whose manifests are rendered from one commit and committed together: by dry repository and revision. */
export function batchesOf(
  members: readonly HydratedApplication[],
): readonly (readonly HydratedApplication[])[] {
  const batches = Map.groupBy(members, ({ hydrator }) => {
    const { repoURL, targetRevision = "" } = drySourceOf(hydrator);
    return JSON.stringify([addressOf(repoURL), targetRevision]);
  });
  const sorted = (batch: readonly HydratedApplication[]) =>
    batch.toSorted((a, b) => (appKeyOf(a.app) < appKeyOf(b.app) ? -1 : 1));
  return [...batches.keys()].toSorted().map((key) => sorted(batches.get(key) ?? []));
}

/** The directory that an Application's manifests are written below. */
export function directoryOf({ hydrator }: HydratedApplication): string {
  return normalisePath(hydrator.syncSource.path);
}

/** By Application what is wrong where several are written to one directory of the branch; each is told the other's name. */
export function sharedDirectories(members: readonly HydratedApplication[]): ReadonlyMap<Application, string> {
  const problems = new Map<Application, string>();
  for (const [directory, same] of Map.groupBy(members, directoryOf)) {
    for (const { app } of same) {
      const other = same.find((one) => one.app !== app);
      if (other === undefined) continue;
      problems.set(
        app,
        `spec.sourceHydrator.syncSource.path ${directory}: ${formatAppKey(appKeyOf(other.app))} is hydrated to it, too; give each a directory of its own`,
      );
    }
  }
  return problems;
}

/** Equal for two ways to write one repository's address; what is no address stands for itself. */
function addressOf(url: string): string {
  try {
    return repositoryMatchKey(url);
  } catch (error) {
    if (isMooringError(error, "GIT_INVALID")) return scrubUrls(url);
    throw error;
  }
}
