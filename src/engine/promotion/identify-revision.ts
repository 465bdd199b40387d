import type { Promotion, Stage } from "#core/promotion/index.ts";
import { writtenPromotions } from "#core/promotion/index.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import type { ContentPlace, ContentReader } from "./content-reader.ts";
import { unlessGone } from "./unless-gone.ts";

export interface Identification {
  readonly stage: Stage;
  readonly place: ContentPlace;
  readonly tip: string;
  readonly content: string;
  /** The stage that people commit to, with its tip and revision; undefined for that stage itself. */
  readonly source:
    | {
        readonly place: ContentPlace;
        readonly tip: string | undefined;
        readonly content: string | undefined;
        readonly revision: string | undefined;
      }
    | undefined;
  /** Of the stage. */
  readonly promotions: readonly Promotion[];
  readonly branches: GitBranches;
  readonly contents: ContentReader;
  readonly signal: AbortSignal;
}

/** The revision of the first stage that a stage's content corresponds to; undefined for content that is of no revision. */
export async function identifyRevision(asked: Identification): Promise<string | undefined> {
  const { source, tip, content } = asked;
  if (source === undefined) return await lastChange(asked);
  const written = writtenPromotions(asked.promotions);
  const exact = written.find(({ status }) => status.commit === tip);
  if (exact !== undefined) return exact.spec.revision;
  for (const { spec, status } of written)
    if ((await treeOf(status.commit ?? "", asked)) === content) return spec.revision;
  if (source.content === content && source.revision !== undefined) return source.revision;
  const trailer = await trailerOf(asked);
  if (trailer !== undefined) return trailer;
  return await sharedRevision(asked, source);
}

async function treeOf(
  commit: string,
  { place, contents, signal }: Identification,
): Promise<string | undefined> {
  return await unlessGone(contents.treeAt(place, { commit, signal }));
}

/** Of a folder the last commit that changed it: others come and go beside it. */
async function lastChange({ place, tip, branches, signal }: Identification): Promise<string> {
  if (place.path === "") return tip;
  const { commits } = await branches.listCommits(place.access, {
    from: tip,
    excluding: [],
    path: place.path,
    limit: 1,
    signal,
  });
  return commits[0]?.commit ?? tip;
}

async function trailerOf({ place, tip, contents, signal }: Identification): Promise<string | undefined> {
  const commit = await contents.commitAt(place, { commit: tip, signal });
  const [, revision] = commit?.trailers.find(([key]) => key === "Mooring-Revision") ?? [];
  return revision !== undefined && /^[0-9a-f]{40,64}$/u.test(revision) ? revision : undefined;
}

/** Of branches of one repository the newest commit that both have. */
async function sharedRevision(
  { place, tip, branches, signal }: Identification,
  source: NonNullable<Identification["source"]>,
): Promise<string | undefined> {
  const isShared =
    place.path === "" && source.place.path === "" && place.access.url === source.place.access.url;
  if (!isShared || source.tip === undefined) return undefined;
  return await branches.mergeBase(place.access, { one: tip, other: source.tip, signal });
}
