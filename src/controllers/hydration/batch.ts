import type { Application, SourceHydrator } from "#core/app/index.ts";
import { appKeyOf, drySourceOf, hydratedBranchOf, projectNameOf, syncSourceOf } from "#core/app/index.ts";
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

/**
 * Applications whose manifests are rendered from one commit and committed together: by dry repository and revision, and by project, so that
 * nobody waits for those of others.
 */
export function batchesOf<T extends HydratedApplication>(members: readonly T[]): readonly (readonly T[])[] {
  const batches = Map.groupBy(members, ({ app, hydrator }) => {
    const { repoURL, targetRevision = "" } = drySourceOf(hydrator);
    return JSON.stringify([addressOf(repoURL), targetRevision, projectNameOf(app)]);
  });
  const sorted = (batch: readonly T[]) =>
    batch.toSorted((a, b) => (appKeyOf(a.app) < appKeyOf(b.app) ? -1 : 1));
  return [...batches.keys()].toSorted().map((key) => sorted(batches.get(key) ?? []));
}

/** The directory that an Application's manifests are written below. */
export function directoryOf({ hydrator }: HydratedApplication): string {
  return normalisePath(hydrator.syncSource.path);
}

/** By Application what is wrong where several are written to one directory of the branch; each is told the other's name if it is of the same project. */
export function sharedDirectories(members: readonly HydratedApplication[]): ReadonlyMap<Application, string> {
  const problems = new Map<Application, string>();
  for (const [directory, same] of Map.groupBy(members, directoryOf)) {
    for (const { app } of same) {
      const others = same.filter((one) => one.app !== app);
      if (others.length === 0) continue;
      const other = others.find((one) => projectNameOf(one.app) === projectNameOf(app));
      const named =
        other === undefined ? "an Application of another project" : formatAppKey(appKeyOf(other.app));
      problems.set(
        app,
        `spec.sourceHydrator.syncSource.path ${directory}: ${named} is hydrated to it, too; give each a directory of its own`,
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
