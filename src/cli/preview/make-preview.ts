import { pathToFileURL } from "node:url";
import type { ApplicationSource } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { AppPreview, PreviewReport } from "#core/preview/index.ts";
import { compareRenders, startsOf } from "#core/preview/index.ts";
import { defaultProject } from "#core/project/index.ts";
import { resolveRepositoryAccess } from "#core/repo/index.ts";
import { normalisePath } from "#core/source/index.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { WorkRepository } from "#ports/work-repository.ts";
import { fetchersFor } from "../desired.ts";
import type { CliPorts } from "../ports.ts";
import { readLiteral } from "../source-flags/read-literal.ts";
import { usageError } from "../usage-error.ts";
import { findChangedPaths } from "./changed-paths.ts";
import type { DeclaredFile, FileCache } from "./find-apps.ts";
import { findApps } from "./find-apps.ts";
import type { PreviewValues } from "./flags.ts";
import { Reach } from "./reach.ts";
import type { RenderWorld } from "./render-side.ts";
import { renderSide } from "./render-side.ts";
import type { Range } from "./revisions.ts";
import { findRange, followedBy } from "./revisions.ts";
import type { Pair, Subject } from "./subjects.ts";
import { isSameSubject, pairApps, sourcesOfRepository, subjectOfPath } from "./subjects.ts";

interface Asked {
  readonly flags: PreviewValues;
  /** Directories from the repository's root, in place of Applications. */
  readonly paths: readonly string[];
  readonly repository: WorkRepository;
}

interface Sides {
  readonly base: SourceTree;
  readonly head: SourceTree;
}

/** Renders what a change touches on both sides and compares. Throws CLI_USAGE, and `GIT_` errors of the repository itself. */
export async function makePreview(asked: Asked, ports: CliPorts): Promise<PreviewReport> {
  const { flags, repository, paths } = asked;
  const range = await findRange(repository, flags);
  const url = pathToFileURL(repository.directory).href;
  await using git = await ports.startGit();
  await using registry = await ports.startRegistry();
  await using renderer = await ports.startRenderer();
  const access = resolveRepositoryAccess(url, undefined, publicAccess);
  const sides = {
    base: await git.open(access, range.base, ports.signal),
    head: await git.open(access, range.head, ports.signal),
  };
  const isOurs = sourcesOfRepository([url, ...repository.remotes, ...flags["repo-url"]]);
  const fetcherFor = fetchersFor(
    { project: defaultProject(""), repositories: publicAccess },
    { git, registry },
  );
  const follows = followedBy(range, flags);
  const world: RenderWorld = {
    reach: { git, fetcherFor, maxAgeMs: 0, signal: ports.signal },
    renderer,
    flags,
    hash: ports.hashSecret,
    isOurs,
    follows: (source) => isOurs(source) && follows(source),
    url,
  };
  const found =
    paths.length > 0 ? await pairPaths(sides, asked, { ports, url }) : await findPairs(sides, asked, world);
  return await previewPairs(found, sides, { world, range });
}

const publicAccess = { repositories: [], templates: [] };

interface Found {
  readonly pairs: readonly Pair[];
  readonly notes: readonly string[];
}

async function findPairs(
  { base, head }: Sides,
  { flags, repository }: Asked,
  world: RenderWorld,
): Promise<Found> {
  const { signal } = world.reach;
  const cache: FileCache = new Map();
  const [old, now] = [await findApps(base, cache, signal), await findApps(head, cache, signal)];
  const pairs = pairApps(old, now, world.isOurs);
  const broken = pairs.flatMap(({ problem, isOld }) =>
    problem !== undefined && isOld ? [`${problem} (it was so before)`] : [],
  );
  const declared = [...now.values()].some(({ apps }) => apps.some(({ app }) => app !== undefined));
  const isNameless = repository.remotes.length === 0 && flags["repo-url"].length === 0;
  if (declared && isNameless && pairs.every(({ problem }) => problem !== undefined)) {
    throw usageError(
      `repository ${repository.directory}: it has no remotes, so none of its Applications is known to be of it; give --repo-url URL`,
    );
  }
  return { pairs, notes: [...broken, ...unreadable(old, now), ...setsIn(now)] };
}

function setsIn(files: ReadonlyMap<string, DeclaredFile>): readonly string[] {
  const count = [...files.values()].reduce((sum, { sets }) => sum + sets, 0);
  const fix = "preview their directories as PATH";
  return count === 0 ? [] : [`what ${count} ApplicationSets make is not looked at; ${fix}`];
}

/** Files that the change broke, or left broken. */
function unreadable(...[old, now]: readonly ReadonlyMap<string, DeclaredFile>[]): readonly string[] {
  return [...(now ?? [])].flatMap(([path, { problem }]) => {
    if (problem === undefined) return [];
    return [old?.get(path)?.problem === problem ? `${problem} (it was so before)` : problem];
  });
}

async function pairPaths(
  { base, head }: Sides,
  { flags, paths }: Asked,
  { ports, url }: { readonly ports: CliPorts; readonly url: string },
): Promise<Found> {
  const literal = await readLiteral(flags["values-literal-file"], ports);
  const pairs: Pair[] = [];
  for (const given of paths) {
    const path = normalisePath(given);
    const subject = subjectOfPath(path, url, { flags, literal });
    const sideOf = async (tree: SourceTree) =>
      (await tree.stat(path, ports.signal)) === undefined ? undefined : subject;
    const [before, after] = [await sideOf(base), await sideOf(head)];
    if (before === undefined && after === undefined)
      throw usageError(
        `path ${given}: it is there neither at base nor at head; write it from the repository's root`,
      );
    pairs.push({
      name: path === "" ? "." : path,
      file: undefined,
      line: undefined,
      before,
      after,
      problem: undefined,
      isOld: false,
    });
  }
  return { pairs, notes: [] };
}

interface Context {
  readonly world: RenderWorld;
  readonly range: Range;
}

async function previewPairs(
  { pairs, notes }: Found,
  sides: Sides,
  { world, range }: Context,
): Promise<PreviewReport> {
  const { signal } = world.reach;
  const changed = await findChangedPaths(sides.base, sides.head, signal);
  const reach = new Reach(sides.head, changed, signal);
  const apps: AppPreview[] = [];
  const remarks = [...range.notes, ...notes];
  let elsewhere = 0;
  for (const pair of pairs) {
    const touched = await isTouched(pair, reach, world);
    if (touched === "elsewhere") elsewhere += 1;
    if (touched === true) apps.push(await previewPair(pair, sides, { world, remarks }));
  }
  if (elsewhere > 0)
    remarks.push(
      `${elsewhere} applications follow other revisions of this repository; --target-revision NAME includes them`,
    );
  const total = pairs.filter(({ after, problem }) => after !== undefined || problem !== undefined).length;
  return { base: range.base, head: range.head, apps, total, notes: remarks };
}

async function isTouched(
  { before, after, problem, isOld }: Pair,
  reach: Reach,
  { isOurs, follows }: RenderWorld,
): Promise<boolean | "elsewhere"> {
  if (isOld) return false;
  if (before === undefined || after === undefined || problem !== undefined) return true;
  if (!isSameSubject(before, after)) return true;
  if (!after.sources.some(follows)) return "elsewhere";
  const ours = (source: ApplicationSource) => isOurs(source) && follows(source);
  return await reach.touches(startsOf(after, ours));
}

async function previewPair(
  { before, after, problem, isOld: _isOld, ...place }: Pair,
  { base, head }: Sides,
  { world, remarks }: { readonly world: RenderWorld; readonly remarks: string[] },
): Promise<AppPreview> {
  if (problem !== undefined) return { ...place, change: "failed", objects: [], error: problem };
  const now = await attempt(after, head, world);
  if ("error" in now) return { ...place, change: "failed", objects: [], error: now.error };
  const was = await attempt(before, base, world);
  if ("error" in was) remarks.push(`${place.name}: at base it could not be rendered: ${was.error}`);
  const objects = compareRenders("error" in was ? [] : was.objects, now.objects);
  const change = before === undefined ? "added" : after === undefined ? "removed" : undefined;
  return {
    ...place,
    change: change ?? (objects.length > 0 ? "changed" : "unchanged"),
    objects,
    error: undefined,
  };
}

type Attempt = { readonly objects: Awaited<ReturnType<typeof renderSide>> } | { readonly error: string };

/** What is wrong with one application is said of it, and the others are shown. */
async function attempt(subject: Subject | undefined, tree: SourceTree, world: RenderWorld): Promise<Attempt> {
  if (subject === undefined) return { objects: [] };
  try {
    return { objects: await renderSide(subject, tree, world) };
  } catch (error) {
    if (isAbortError(error) || !isMooringError(error)) throw error;
    return { error: messageOf(error) };
  }
}
