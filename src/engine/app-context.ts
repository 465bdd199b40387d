import type { ApplicationSource } from "#core/app/index.ts";
import { formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { referToSource } from "#core/hub/index.ts";
import { checkSource, serviceAccountFor } from "#core/project/index.ts";
import type { Cluster } from "#ports/cluster.ts";
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

/**
 * The cluster as the one who syncs there: the service account that the project names for the destination, when
 * `application.sync.impersonation.enabled` says so. Throws POLICY_FORBIDDEN when it names none: nothing is then written at all.
 */
export function writerFor({ app, project, target, settings, live, key }: AppContext): Cluster {
  if (!settings.syncImpersonation) return live.cluster;
  const found = serviceAccountFor(project, {
    server: target.server,
    namespace: app.spec.destination.namespace ?? "",
    applicationNamespace: app.metadata.namespace ?? "",
  });
  if (!found.ok)
    throw new MooringError("POLICY_FORBIDDEN", `${formatAppKey(key)}: ${found.message}`, { key });
  return live.cluster.as({ user: found.user });
}
