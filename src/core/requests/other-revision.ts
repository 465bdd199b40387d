import type { Application } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";

/** The first source that is not to be synced at its target revision; -1 for none. */
export function otherRevision(app: Application, revisions: readonly string[]): number {
  const targets = sourcesOf(app).map((source) => source.targetRevision ?? "");
  return revisions.findIndex((revision, i) => revision !== "" && revision !== targets[i]);
}
