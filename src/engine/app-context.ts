import type { ApplicationSource } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { checkSource } from "#core/project/index.ts";
import { resolveRepositoryAccess } from "#core/repo/index.ts";
import type { LiveStore } from "#ports/live-store.ts";

/** What an application refers to, with the live state of its cluster. */
export interface AppContext extends AppReferences {
  readonly live: LiveStore;
}

/**
 * The references with the source that an operation brings along, such as a rollback's. Throws POLICY_FORBIDDEN when the project does
 * not permit its repository.
 */
export function withSource<R extends AppReferences>(references: R, source: ApplicationSource): R {
  if (source.repoURL === references.source.repoURL) return { ...references, source };
  const denial = checkSource(references.project, source.repoURL, formatAppKey(references.key));
  if (denial !== undefined)
    throw new MooringError("POLICY_FORBIDDEN", denial.message, { key: references.key });
  const project = references.project.metadata.name;
  const repository = resolveRepositoryAccess(source.repoURL, project, references.repositories);
  return { ...references, source, repository };
}
