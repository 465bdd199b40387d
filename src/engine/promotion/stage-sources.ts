import type { Application } from "#core/app/index.ts";
import { hasSources, sourcesOf } from "#core/app/index.ts";
import type { Stage } from "#core/promotion/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";

/** Which of an Application's sources are in the stage's place: those that follow its branch. */
export function stageSources(app: Application, stage: Pick<Stage, "repoUrl" | "branch">): readonly number[] {
  const key = repositoryMatchKey(stage.repoUrl);
  return sourcesOf(app).flatMap(({ repoURL, chart = "", targetRevision = "" }, i) => {
    const isOfBranch = [stage.branch, `refs/heads/${stage.branch}`].includes(targetRevision);
    return chart === "" && isOfBranch && repositoryMatchKey(repoURL) === key ? [i] : [];
  });
}

/** The revisions by source that a commit of the stage means; empty for a source's own. */
export function revisionsAt(
  app: Application,
  stage: Pick<Stage, "repoUrl" | "branch">,
  commit: string,
): readonly string[] {
  const of = new Set(stageSources(app, stage));
  return sourcesOf(app).map((_source, i) => (of.has(i) ? commit : ""));
}

/** The same as an operation says it. */
export function syncRevisions(
  app: Application,
  revisions: readonly string[],
): { readonly revision: string } | { readonly revisions: readonly string[] } {
  return hasSources(app) ? { revisions } : { revision: revisions[0] ?? "" };
}

/** Why nothing of the stage would be deployed by the Application; undefined when something is. */
export function sourceProblem(
  app: Application,
  stage: Pick<Stage, "repoUrl" | "branch">,
): string | undefined {
  if (stageSources(app, stage).length > 0) return undefined;
  const { name, namespace = "" } = app.metadata;
  return `Application/${namespace}/${name} has no source that follows branch ${stage.branch} of ${stage.repoUrl}; set its targetRevision to the branch, or take it out of the stage`;
}
