import type { AppReferences, SourceReference } from "#core/hub/index.ts";
import type { GitStore } from "#ports/git-store.ts";
import type { FetchedSource, RemoteSource, SourceFetcher } from "#ports/source-fetcher.ts";
import type { SourceTree } from "#ports/source-tree.ts";

/** On whose behalf something is fetched: what may be reached, and with which credentials. */
export type FetchPolicy = Pick<AppReferences, "project" | "repositories">;

export interface FetchOptions {
  /** Answers of repositories not older than this will do; 0 asks them now. */
  readonly maxAgeMs: number;
  /** Credentials of a chart repository also go to other hosts on which it places its charts. */
  readonly passCredentials: boolean;
  /** While what a source refers to cannot be reached, what it was last will do. */
  readonly orKnown?: boolean;
}

/** How sources are reached, on behalf of one application. */
export interface SourceReach {
  readonly git: GitStore;
  /** Brings charts, artifacts and what sources refer to elsewhere. */
  readonly fetcherFor: (options: FetchOptions) => SourceFetcher;
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
}

/** A version that names one chart and no range of them. */
const exactVersion = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/u;

/**
 * The commit, chart version or digest that a source is at, or that `asked` names instead of its target revision. Throws `GIT_` and `CHART_` errors.
 */
export async function resolveRevision(
  reference: SourceReference,
  asked: string,
  access: SourceReach,
): Promise<string> {
  const revision = asked === "" ? (reference.source.targetRevision ?? "") : asked;
  const { git, maxAgeMs, signal } = access;
  switch (reference.kind) {
    case "git":
      return (
        await git.resolve(reference.access, revision, {
          maxAgeMs,
          signal,
          tagPrefix: reference.source.tagPrefix,
        })
      ).commit;
    case "chart": {
      if (exactVersion.test(revision)) return revision;
      const { version, id } = await fetcherForSource(reference, access).resolve(
        remoteOf(reference, revision),
        signal,
      );
      return version ?? id;
    }
    case "artifact":
      return (await fetcherForSource(reference, access).resolve(remoteOf(reference, revision), signal)).id;
    default:
      throw new Error(`unhandled source: ${JSON.stringify(reference satisfies never)}`);
  }
}

/** The files of a source at a revision that `resolveRevision` gave; of a chart its directory. */
export async function openSource(
  reference: SourceReference,
  revision: string,
  access: SourceReach,
): Promise<SourceTree> {
  if (reference.kind === "git") return access.git.open(reference.access, revision, access.signal);
  return (await fetchSource(reference, revision, access)).tree;
}

/** The source's directory in its tree. */
export function pathOf({ kind, source }: SourceReference): string {
  return kind === "chart" ? "" : (source.path ?? "");
}

type Fetched = Exclude<SourceReference, { readonly kind: "git" }>;

function remoteOf(reference: Fetched, revision: string): RemoteSource {
  if (reference.kind === "artifact") return { kind: "artifact", url: reference.url, revision };
  return { kind: "chart", repository: reference.url, name: reference.chart, version: revision };
}

function fetchSource(reference: Fetched, revision: string, access: SourceReach): Promise<FetchedSource> {
  return fetcherForSource(reference, access, { orKnown: true }).fetch(
    remoteOf(reference, revision),
    access.signal,
  );
}

/** What brings the source, and what it refers to elsewhere; for a revision that is known, also while neither can be reached. */
export function fetcherForSource(
  { source }: SourceReference,
  { fetcherFor, maxAgeMs }: Pick<SourceReach, "fetcherFor" | "maxAgeMs">,
  { orKnown = false }: Pick<FetchOptions, "orKnown"> = {},
): SourceFetcher {
  return fetcherFor({ maxAgeMs, passCredentials: source.helm?.passCredentials ?? false, orKnown });
}
