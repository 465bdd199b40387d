import { namedProject } from "#core/project/project-of.ts";
import { syncSourceOf } from "./hydration.ts";
import type { Application, ApplicationSource, Operation } from "./types.ts";

/** True when the Application lists its sources, be it only one: its status then has lists, too, as in Argo CD. */
export function hasSources({ spec }: Application): boolean {
  return spec.sourceHydrator === undefined && (spec.sources ?? []).length > 0;
}

/** The sources that an Application deploys, in order, of one that is hydrated the rendered manifests; none when its spec names none, which is a problem of the spec. */
export function sourcesOf(app: Application): readonly ApplicationSource[] {
  const { source, sources = [], sourceHydrator } = app.spec;
  if (sourceHydrator !== undefined) return [syncSourceOf(sourceHydrator)];
  if (sources.length > 0) return sources;
  return source === undefined ? [] : [source];
}

/** The sources that an operation brings along, such as a rollback's, else the Application's. */
export function operationSourcesOf(app: Application, operation: Operation): readonly ApplicationSource[] {
  const { source, sources = [] } = operation.sync ?? {};
  if (sources.length > 0) return sources;
  return source === undefined ? sourcesOf(app) : [source];
}

/** The revisions that an operation asks for, by source; an empty one means the source's target revision. */
export function operationRevisionsOf(operation: Operation, count: number): readonly string[] {
  const { revision = "", revisions = [] } = operation.sync ?? {};
  return Array.from({ length: count }, (_, i) => revisions[i] ?? (i === 0 ? revision : ""));
}

/** What a status, a result or a history entry says was deployed: a revision by source. */
export function revisionsOf(said: {
  readonly revision?: string | undefined;
  readonly revisions?: readonly string[] | undefined;
}): readonly string[] {
  const { revision = "", revisions = [] } = said;
  if (revisions.length > 0) return revisions;
  return revision === "" ? [] : [revision];
}

/** Revisions by source as one text: equal texts are equal revisions. */
export function joinRevisions(revisions: readonly string[]): string {
  return revisions.join(",");
}

/** For messages: each revision shortened. */
export function formatRevisions(revisions: readonly string[]): string {
  return revisions.map(shortRevision).join(", ");
}

/** Commits and digests are cut; chart versions are shown whole. */
function shortRevision(revision: string): string {
  return /^[0-9a-f]{40,64}$/u.test(revision) ? revision.slice(0, 7) : revision.slice(0, 19);
}

/** A source that only lends files to the others: nothing of it is deployed. */
export function isOnlyReferred({ ref = "", path = "", chart = "", repoURL }: ApplicationSource): boolean {
  return ref !== "" && path === "" && chart === "" && !repoURL.startsWith("oci://");
}

/** The name of the Application's project; an empty one means `default`. */
export function projectNameOf(app: Application): string {
  return namedProject(app.spec.project);
}
