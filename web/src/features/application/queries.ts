import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import { sourcesOf } from "../applications/describe-application.ts";
import type { Application } from "./application-query.ts";
import { namedIn } from "./change-application.ts";

export interface AtHistory {
  /** Which source, from zero. */
  readonly sourceIndex?: number;
  /** The entry of the history whose sources are meant, not those of now. */
  readonly versionId?: number;
}

const commit = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;

/** Author, date and message of a commit; asks nothing for a version of a chart, which has none. */
export function commitQuery(app: Application, revision = "", { sourceIndex, versionId }: AtHistory = {}) {
  const named = namedIn(app);
  return queryOptions({
    queryKey: ["commit", named.appNamespace, named.name, revision, sourceIndex ?? 0, versionId ?? -1],
    queryFn: ({ signal }) =>
      call(
        "application.revisionMetadata",
        {
          ...named,
          revision,
          ...(sourceIndex === undefined ? {} : { sourceIndex }),
          ...(versionId === undefined ? {} : { versionId }),
        },
        { signal },
      ),
    enabled: commit.test(revision),
    // A commit says the same for ever.
    staleTime: Infinity,
  });
}

const windowsEveryMs = 30_000;

/** The sync windows, which open and close by the clock. */
export function windowsQuery(app: Application) {
  const named = namedIn(app);
  return queryOptions({
    queryKey: ["sync-windows", named.appNamespace, named.name],
    queryFn: ({ signal }) => call("application.getApplicationSyncWindows", named, { signal }),
    refetchInterval: windowsEveryMs,
  });
}

/** The objects as they are and as a sync would leave them. Asked anew when the application was compared anew. */
export function managedQuery(app: Application) {
  const { name, appNamespace } = namedIn(app);
  const { reconciledAt, sync } = app.status ?? {};
  return queryOptions({
    queryKey: ["managed", appNamespace, name, sync?.revision ?? "", reconciledAt ?? ""],
    queryFn: ({ signal }) =>
      call("application.managedResources", { applicationName: name, appNamespace }, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** What the sources render to at a revision of the only source, or at their target revisions. */
export function manifestsQuery(app: Application, revisions: readonly string[]) {
  const named = namedIn(app);
  const isSeveral = (app.spec?.sources ?? []).length > 0;
  return queryOptions({
    queryKey: ["manifests", named.appNamespace, named.name, revisions, sourcesOf(app)],
    queryFn: ({ signal }) =>
      call(
        "application.getManifests",
        isSeveral
          ? { ...named, revisions, sourcePositions: revisions.map((_, i) => i + 1) }
          : { ...named, revision: revisions[0] ?? "" },
        { signal },
      ),
    staleTime: 60_000,
  });
}
