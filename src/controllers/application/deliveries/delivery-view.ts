import type { AppKey } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";
import type { Delivery, Measured } from "#core/delivery/index.ts";
import {
  figuresOf,
  imageMatcher,
  isImageText,
  joinMeasured,
  measure,
  placeImage,
} from "#core/delivery/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type {
  DeliveryView,
  FiguresRequest,
  ToldCommit,
  Trace,
  TraceLine,
  TraceRequest,
} from "#ports/delivery-view.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ApplicationDeps } from "../deps.ts";
import { promotionOf } from "./promotion-of.ts";
import type { KnownApp } from "./read-app.ts";
import { factsOf, readApps } from "./read-app.ts";
import { accessOf } from "./repositories.ts";
import { nothingFound, traceCommits } from "./trace-commit.ts";

/** Commits that are read at the same time. */
const concurrency = 8;
const maxProblems = 20;

/** What became of changes, from what was noted, the statuses and Git. Nothing here changes anything. */
export function createDeliveryView(deps: ApplicationDeps): DeliveryView {
  return {
    trace: (request) => trace(request, deps),
    figures: (request) => figures(request, deps),
  };
}

async function trace(request: TraceRequest, deps: ApplicationDeps): Promise<Trace> {
  const { what, kind = isImageText(what) ? "image" : undefined, signal } = request;
  const { apps, problems } = await readApps(request.apps, deps, signal);
  if (kind !== "image") {
    const traced = await traceCommits(apps, { what, signal }, deps);
    const told = [...problems, ...traced.problems];
    if (traced.found.length > 0) {
      const commits = traced.found.map(({ repository, found }) =>
        toldCommit(found.commit, repository.url, found),
      );
      const lines = inOrderOf(request.apps, traced.places, ({ known }) => known.key).map((one) =>
        lineOf(one.known, one.reader.at, one.place),
      );
      return paged({ kind: "commit", commits, lines, problems: told }, request);
    }
    if (kind === "commit") throw nothingFound(what, told);
  }
  const traced = await traceImage(apps, request, deps);
  // A word may be a branch as well as an image.
  if (kind === undefined && traced.total === 0) throw nothingFound(what, problems);
  return { ...traced, problems: [...problems, ...traced.problems].slice(0, maxProblems) };
}

async function traceImage(
  apps: readonly KnownApp[],
  request: TraceRequest,
  deps: ApplicationDeps,
): Promise<Trace> {
  const matches = imageMatcher(request.what);
  if (matches === undefined)
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `what: ${JSON.stringify(request.what.slice(0, 200))} is no image; write NAME, NAME:TAG or NAME@sha256:…`,
    );
  const lines = apps.flatMap((known) => {
    const { deliveries, app } = known;
    const running = app.status?.summary?.images ?? [];
    const place = placeImage({ facts: factsOf(known, 0, deps), deliveries, running, matches });
    if (place === undefined) return [];
    const images = running.filter((image) => matches(image));
    return [{ known, line: { ...lineOf(known, 0, place), images } }];
  });
  const page = lines.slice(request.offset, request.offset + request.limit);
  const told = await mapLimit(page, concurrency, async ({ known, line }) => {
    const commit = line.delivery && (await commitOf(known, line.delivery, { deps, signal: request.signal }));
    return { ...line, ...(commit === undefined ? {} : { commit }) };
  });
  return { kind: "image", commits: [], lines: told, total: lines.length, problems: [] };
}

function paged(trace: Omit<Trace, "total">, { offset, limit }: TraceRequest): Trace {
  const { lines, problems } = trace;
  return {
    ...trace,
    total: lines.length,
    lines: lines.slice(offset, offset + limit),
    problems: problems.slice(0, maxProblems),
  };
}

function inOrderOf<Item>(
  keys: readonly AppKey[],
  items: readonly Item[],
  keyOf: (item: Item) => AppKey,
): readonly Item[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** What a line says of an application, whatever was asked for. */
function lineOf(
  { key, app, project }: KnownApp,
  at: number,
  place: TraceLine | Pick<TraceLine, "state" | "note" | "delivery">,
): TraceLine {
  const { name = "", server = "", namespace = "" } = app.spec.destination;
  const source = sourcesOf(app)[at];
  const last = app.status?.history?.at(-1);
  return {
    ...place,
    app: key,
    project,
    cluster: name === "" ? server : name,
    namespace,
    repository: source?.repoURL ?? "",
    path: source?.path ?? "",
    deployed: last?.revisions?.[at] ?? last?.revision ?? "",
    images: [],
  };
}

interface Reading {
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

/** The commit that a delivery brought: that of the first source in Git that moved with it. */
async function commitOf(
  known: KnownApp,
  { revision, previous = "" }: Delivery,
  { deps, signal }: Reading,
): Promise<ToldCommit | undefined> {
  const before = previous.split(",");
  const moved = revision.split(",").flatMap((one, at) => {
    const access = one === before[at] ? undefined : accessOf(known, at, deps);
    return access === undefined ? [] : [{ access, commit: one }];
  });
  const [first] = moved;
  return first && (await readCommit(first.access, first.commit, { deps, signal }));
}

async function readCommit(
  access: RepositoryAccess,
  commit: string,
  { deps, signal }: Reading,
): Promise<ToldCommit | undefined> {
  try {
    return toldCommit(commit, access.url, await deps.adapters.git.readCommit(access, commit, signal));
  } catch (error) {
    // The line says where the image is all the same.
    if (isMooringError(error)) return undefined;
    throw error;
  }
}

interface Said {
  readonly author: string;
  readonly date: string;
  readonly message: string;
}

function toldCommit(id: string, repository: string, { author, date, message }: Said): ToldCommit {
  const promotion = promotionOf(message);
  const subject = (message.split("\n")[0] ?? "").slice(0, 200);
  return { id, repository, author, date, subject, promotion };
}

async function figures({ groups, signal, ...window }: FiguresRequest, deps: ApplicationDeps) {
  const keys = [...new Set(groups.flat())];
  const { apps } = await readApps(keys, deps, signal);
  const measured = new Map<AppKey, Measured>(
    apps.map(({ key, deliveries }) => [key, measure(deliveries, window)]),
  );
  return groups.map((group) =>
    figuresOf(joinMeasured(group.flatMap((key) => measured.get(key) ?? [])), window),
  );
}
