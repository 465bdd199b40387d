import { formatAppKey, sourcesOf } from "#core/app/index.ts";
import type { Place } from "#core/delivery/index.ts";
import { pathFinder, placeCommit } from "#core/delivery/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import { generatePathsOf, startsOf } from "#core/preview/index.ts";
import { repositoryMatchKey } from "#core/repo/index.ts";
import type { TracedCommit } from "#ports/git-history.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ApplicationDeps } from "../deps.ts";
import type { KnownApp } from "./read-app.ts";
import { factsOf } from "./read-app.ts";
import type { Reader, ReadRepository } from "./repositories.ts";
import { findRepositories } from "./repositories.ts";

/** Repositories that one question asks; more are a matter of naming one. */
const maxRepositories = 50;
const concurrency = 4;
/** Revisions of one repository whose place is found out; older ones of many applications are left. */
const maxRevisions = 5_000;

/** A repository that has the commit. */
interface CommitInRepository {
  readonly repository: ReadRepository;
  readonly found: TracedCommit;
}

interface CommitPlace {
  readonly known: KnownApp;
  readonly reader: Reader;
  readonly place: Place;
}

export interface TracedCommits {
  readonly found: readonly CommitInRepository[];
  readonly places: readonly CommitPlace[];
  readonly problems: readonly string[];
}

type Asked = { readonly what: string; readonly signal: AbortSignal };

/** Where a commit is in applications; nothing found when none of their repositories has it. */
export async function traceCommits(
  apps: readonly KnownApp[],
  asked: Asked,
  deps: ApplicationDeps,
): Promise<TracedCommits> {
  const all = findRepositories(apps, deps);
  const likely = all.filter((one) => revisionsOfAll(one).some((revision) => revision.startsWith(asked.what)));
  const repositories = likely.length > 0 ? likely : all.slice(0, maxRepositories);
  const left = likely.length > 0 ? 0 : all.length - repositories.length;
  let { found, problems } = await ask(repositories, { ...asked, isThorough: false }, deps);
  if (found.length === 0 && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/iu.test(asked.what))
    ({ found, problems } = await ask(repositories, { ...asked, isThorough: true }, deps));
  const places = found.flatMap((one) => placesIn(one, deps));
  const more = left === 0 ? [] : [`${left} more repositories were not asked; name the one that is meant`];
  return { found, places: onePerApp(places), problems: [...problems, ...more] };
}

async function ask(
  repositories: readonly ReadRepository[],
  { what, isThorough, signal }: Asked & { readonly isThorough: boolean },
  { history }: ApplicationDeps,
): Promise<{ readonly found: readonly CommitInRepository[]; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const answers = await mapLimit(repositories, concurrency, async (repository) => {
    try {
      const revisions = revisionsOfAll(repository).slice(0, maxRevisions);
      const question = { commit: what, revisions, isThorough, signal };
      const found = await history?.traceCommit(repository.access, question);
      return found === undefined ? [] : [{ repository, found }];
    } catch (error) {
      // What one repository cannot tell, others may.
      if (!isMooringError(error)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  return { found: answers.flat(), problems };
}

/** What applications want of a repository and have of it, the newest of each first. */
function revisionsOfAll({ readers }: ReadRepository): readonly string[] {
  const wanted = readers.map(({ known: { app }, at }) => {
    const { revision = "", revisions = [] } = app.status?.sync ?? {};
    return revisions[at] ?? (at === 0 ? revision : "");
  });
  const delivered = readers.flatMap(({ known, at }) =>
    known.deliveries.map(({ revision }) => revision.split(",")[at] ?? ""),
  );
  return [...new Set([...wanted, ...delivered])].filter((one) =>
    /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(one),
  );
}

function placesIn({ repository, found }: CommitInRepository, deps: ApplicationDeps): readonly CommitPlace[] {
  const within = new Set(found.within);
  const lost = new Set(found.lost);
  const asked = new Set(revisionsOfAll(repository).slice(0, maxRevisions));
  const isWithin = (revision: string) =>
    lost.has(revision) || !asked.has(revision) ? undefined : within.has(revision);
  const changes = found.changed && pathFinder(found.changed);
  return repository.readers.map((reader) => {
    const { known, source, at } = reader;
    const { deliveries } = known;
    const touches = changes?.(pathsOf(reader));
    const path = source.path ?? "";
    const reads = path === "" || path === "." ? "its repository" : path;
    const facts = factsOf(known, at, deps);
    const place = placeCommit({
      commit: found.commit,
      facts,
      deliveries,
      source: at,
      isWithin,
      touches,
      reads,
    });
    return { known, reader, place };
  });
}

/** What an application reads of the repository, as far as its declaration says. */
function pathsOf({ known: { app }, source }: Reader): readonly string[] {
  const key = repositoryMatchKey(source.repoURL);
  const declared = { sources: sourcesOf(app), generatePaths: generatePathsOf(app) };
  return startsOf(declared, ({ repoURL, chart = "" }) => chart === "" && repositoryMatchKey(repoURL) === key);
}

/** Of an application that reads the repository twice, the source that the commit is about. */
function onePerApp(places: readonly CommitPlace[]): readonly CommitPlace[] {
  const chosen = new Map<string, CommitPlace>();
  for (const one of places) {
    const name = formatAppKey(one.known.key);
    if ((chosen.get(name)?.place.state ?? "unchanged") === "unchanged") chosen.set(name, one);
  }
  return [...chosen.values()];
}

export function nothingFound(what: string, problems: readonly string[]): MooringError {
  const why = problems.length === 0 ? "" : `; ${problems.slice(0, 3).join("; ")}`;
  return new MooringError(
    "GIT_REVISION_NOT_FOUND",
    `${JSON.stringify(what.slice(0, 200))}: is no commit, branch or tag of the repositories of the applications that you may see, nor an image; write the whole id${why}`,
  );
}
