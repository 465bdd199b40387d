import type { SourceTree } from "./source-tree.ts";

/** Something outside the repository that a source refers to. */
export type RemoteSource =
  /** A repository at a revision; an empty revision is HEAD. */
  | { readonly kind: "git"; readonly url: string; readonly revision: string }
  /** A chart of a Helm repository or an OCI registry (`oci://…`); `version` may be a range. */
  | { readonly kind: "chart"; readonly repository: string; readonly name: string; readonly version: string }
  /** An OCI artifact that holds manifests (`oci://…`); `revision` is a tag, a range over tags or a digest. */
  | { readonly kind: "artifact"; readonly url: string; readonly revision: string }
  /** One file over HTTP. */
  | { readonly kind: "file"; readonly url: string };

/** What a source is now. */
export interface ResolvedSource {
  /** Names the content: a commit, or a digest. Equal ids are equal content. */
  readonly id: string;
  /** Of a chart: the version that the range was resolved to. */
  readonly version?: string;
}

export interface FetchedSource extends ResolvedSource {
  /** Of a chart: its directory. Of a file: a tree that holds only it, under the last segment of its path. */
  readonly tree: SourceTree;
}

/**
 * Fetches on behalf of one project, with its credentials and within its permissions. Throws MooringError with a `GIT_`,
 * `CHART_` or `POLICY_` code; messages never hold credentials.
 */
export interface SourceFetcher {
  fetch(source: RemoteSource, signal: AbortSignal): Promise<FetchedSource>;
  /** What `fetch` would give now, without fetching the content. */
  resolve(source: RemoteSource, signal: AbortSignal): Promise<ResolvedSource>;
}
