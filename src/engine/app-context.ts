import type { ApplicationSource } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { referToSource } from "#core/hub/index.ts";
import { checkSource } from "#core/project/index.ts";
import type { LiveStore } from "#ports/live-store.ts";

/** What an application refers to, with the live state of its cluster. */
export interface AppContext extends AppReferences {
  readonly live: LiveStore;
}

/**
 * The references with the sources that an operation brings along, such as a rollback's. Throws POLICY_FORBIDDEN when the project does
 * not permit one of their repositories.
 */
export function withSources<R extends AppReferences>(
  references: R,
  sources: readonly ApplicationSource[],
): R {
  const known = new Set(references.sources.map(({ source }) => source.repoURL));
  for (const { repoURL } of sources) {
    const denial = known.has(repoURL)
      ? undefined
      : checkSource(references.project, repoURL, formatAppKey(references.key));
    if (denial !== undefined)
      throw new MooringError("POLICY_FORBIDDEN", denial.message, { key: references.key });
  }
  const { project, repositories } = references;
  return { ...references, sources: sources.map((source) => referToSource(source, project, repositories)) };
}
