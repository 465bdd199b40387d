import { appKeyOf, formatAppKey, hydratedBranchOf, projectNameOf, syncSourceOf } from "#core/app/index.ts";
import type { AppKey, Application, HydratorStatus } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf, MooringError, stackOf } from "#core/errors/index.ts";
import type { DryCommit } from "#core/hydrate/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { isConfigured, parseRepositoryUrl, resolveRepositoryAccess } from "#core/repo/index.ts";
import { normalisePath } from "#core/source/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { hydratedManifests } from "#engine/hydrate/hydrated-manifests.ts";
import type { HydratedManifests } from "#engine/hydrate/layout.ts";
import { layOut } from "#engine/hydrate/layout.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderForGit } from "#engine/render-desired.ts";
import { formatTime } from "#runtime/clock.ts";
import { resolveContext } from "../application/context.ts";
import { accessFor } from "../application/refresh-desired.ts";
import type { HydratedApplication } from "./batch.ts";
import { directoryOf } from "./batch.ts";
import type { HydrationDeps } from "./deps.ts";
import { isAsked, writeHydratorStatus } from "./write-status.ts";

export interface Batch {
  readonly members: readonly HydratedApplication[];
  /** What is wrong with members besides themselves. */
  readonly problems: ReadonlyMap<Application, string>;
  /** Directories of all applications of the branch. */
  readonly directories: ReadonlySet<string>;
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
}

/** How it went: `failed` is to be tried again. */
export type BatchOutcome = "done" | "failed";

interface Rendering {
  readonly member: HydratedApplication;
  /** With the dry source in the place of the source. */
  readonly context: AppContext;
}

/**
 * Renders the dry source of some applications at its commit and commits all to their branch, or nothing: what fails for one of them
 * fails for all, and each says why. Nothing is done when the statuses say that this commit is there. Throws for an abort only, and `KUBE_`
 * errors.
 */
export async function hydrateBatch(batch: Batch, deps: HydrationDeps): Promise<BatchOutcome> {
  const { members, signal } = batch;
  const failures = new Map<AppKey, string>();
  let drySha: string | undefined;
  try {
    const renderings = prepare(batch, deps, failures);
    const [first] = renderings;
    if (first === undefined || failures.size > 0) return await fail(batch, { failures, drySha }, deps);
    const writing = writeAccess(first.member, members, deps);
    drySha = await resolveDry(first, batch, deps);
    const sha = drySha;
    if (!members.some((member) => needsHydration(member, sha))) return "done";
    await startAll(members, { sha, deps, signal });
    const hydratedSha = await commitAll(renderings, { writing, sha, batch, deps, failures });
    await finishAll(members, { sha, hydratedSha, deps, signal });
    return "done";
  } catch (error) {
    if (signal.aborted && isAbortError(error)) throw error;
    if (isMooringError(error) && error.code.startsWith("KUBE_")) throw error;
    if (!isMooringError(error)) deps.log.error("hydration hit a bug", { error: stackOf(error) });
    if (failures.size === 0) for (const { app } of members) failures.set(appKeyOf(app), messageOf(error));
    return await fail(batch, { failures, drySha }, deps);
  }
}

/** What each application refers to; what is not permitted or makes no sense is a failure of its own. */
function prepare(
  { members, problems }: Batch,
  deps: HydrationDeps,
  failures: Map<AppKey, string>,
): readonly Rendering[] {
  const config = deps.config();
  return members.flatMap((member) => {
    const { app, hydrator } = member;
    const key = appKeyOf(app);
    if (!config.hydrates) {
      const message =
        'hydrator.enabled of ConfigMap argocd-cmd-params-cm is not "true", so nothing is committed; set it';
      failures.set(key, message);
      return [];
    }
    const { sourceHydrator: _hydrator, sources: _sources, ...spec } = app.spec;
    const dry: Application = { ...app, spec: { ...spec, source: hydrator.drySource } };
    const at = { hub: deps.hub, config, registry: deps.registry };
    const found = [resolveContext(app, at), resolveContext(dry, at)];
    const wrong = [
      ...new Set(found.flatMap((one) => (one.ok ? [] : one.problems))),
      ...(problems.has(app) ? [problems.get(app) ?? ""] : []),
    ];
    if (wrong.length > 0) failures.set(key, wrong.join("; "));
    const context = found[1];
    return context?.ok === true ? [{ member, context: context.context }] : [];
  });
}

/** With what the branch is written; applications of several projects share what belongs to none. Throws HYDRATE_INVALID. */
function writeAccess(
  { hydrator }: HydratedApplication,
  members: readonly HydratedApplication[],
  deps: HydrationDeps,
): RepositoryAccess {
  const { writing } = deps.config();
  const { repoURL } = syncSourceOf(hydrator);
  const projects = new Set(members.map(({ app }) => projectNameOf(app)));
  const [only] = projects;
  const project = projects.size === 1 ? only : undefined;
  const access = resolveRepositoryAccess(repoURL, project, writing);
  if (parseRepositoryUrl(repoURL).transport === "file" || isConfigured(repoURL, project, writing))
    return access;
  const own = (hydrator.syncSource.repoURL ?? "") === "" ? "drySource" : "syncSource";
  throw new MooringError(
    "HYDRATE_INVALID",
    `spec.sourceHydrator.${own}.repoURL ${access.url}: no credentials are there to write to it; create a Secret labelled argocd.argoproj.io/secret-type=repository-write (or repo-write-creds for all URLs that begin alike) with url, username and password, or sshPrivateKey`,
  );
}

async function resolveDry(
  { context }: Rendering,
  { maxAgeMs, signal }: Batch,
  deps: HydrationDeps,
): Promise<string> {
  const [reference] = context.sources;
  if (reference === undefined) throw new Error("a dry source was not resolved");
  return await resolveRevision(reference, "", accessFor(context, deps.adapters, { maxAgeMs, signal }));
}

function needsHydration({ app, hydrator }: HydratedApplication, sha: string): boolean {
  const { currentOperation, lastSuccessfulOperation } = app.status?.sourceHydrator ?? {};
  return (
    isAsked(app) ||
    currentOperation?.phase !== "Hydrated" ||
    lastSuccessfulOperation?.drySHA !== sha ||
    !jsonEqual((currentOperation.sourceHydrator ?? null) as JsonValue, hydrator as JsonValue)
  );
}

interface Told {
  readonly sha: string;
  readonly deps: HydrationDeps;
  readonly signal: AbortSignal;
}

async function startAll(members: readonly HydratedApplication[], { sha, deps, signal }: Told): Promise<void> {
  const startedAt = formatTime(deps.adapters.clock.now());
  for (const { app, hydrator } of members) {
    const start = ({ currentOperation: _ended, ...before }: HydratorStatus): HydratorStatus => ({
      ...before,
      currentOperation: { phase: "Hydrating", message: "", drySHA: sha, startedAt, sourceHydrator: hydrator },
    });
    await writeHydratorStatus(appKeyOf(app), start, { deps, signal });
  }
}

async function finishAll(
  members: readonly HydratedApplication[],
  { sha, hydratedSha, deps, signal }: Told & { readonly hydratedSha: string },
): Promise<void> {
  const finishedAt = formatTime(deps.adapters.clock.now());
  for (const { app, hydrator } of members) {
    const made = { drySHA: sha, hydratedSHA: hydratedSha, sourceHydrator: hydrator };
    const finish = ({ currentOperation }: HydratorStatus): HydratorStatus => ({
      currentOperation: {
        ...made,
        phase: "Hydrated",
        message: "",
        startedAt: currentOperation?.startedAt ?? finishedAt,
        finishedAt,
      },
      lastSuccessfulOperation: made,
      lastComparedDryRevision: sha,
    });
    await writeHydratorStatus(appKeyOf(app), finish, { deps, signal });
    const { repoURL, targetRevision = "" } = syncSourceOf(hydrator);
    deps.onHydrated(appKeyOf(app), { repoURL, revision: targetRevision });
  }
}

/** Says of each application what is wrong with it, or with which other one; a failure that is said already is not said again. */
async function fail(
  { members, signal }: Batch,
  {
    failures,
    drySha,
  }: { readonly failures: ReadonlyMap<AppKey, string>; readonly drySha: string | undefined },
  deps: HydrationDeps,
): Promise<BatchOutcome> {
  const now = formatTime(deps.adapters.clock.now());
  const [first = "", ...more] = failures.keys();
  const others = more.length === 0 ? "has an error" : `and ${more.length} more have errors`;
  const ofOther = `cannot hydrate because application ${first} ${others}`;
  for (const { app, hydrator } of members) {
    const key = appKeyOf(app);
    const message = `Failed to hydrate: ${deps.redact(failures.get(key) ?? ofOther)}`;
    const end = (before: HydratorStatus): HydratorStatus => {
      const { currentOperation } = before;
      const isSame =
        currentOperation?.phase === "Failed" &&
        currentOperation.message === message &&
        jsonEqual((currentOperation.sourceHydrator ?? null) as JsonValue, hydrator as JsonValue);
      if (isSame) return before;
      const startedAt = currentOperation?.phase === "Hydrating" ? currentOperation.startedAt : undefined;
      const operation = { phase: "Failed", message, sourceHydrator: hydrator, finishedAt: now } as const;
      const of = drySha === undefined ? {} : { drySHA: drySha };
      return { ...before, currentOperation: { ...operation, ...of, startedAt: startedAt ?? now } };
    };
    await writeHydratorStatus(key, end, { deps, signal });
    deps.log.warn("hydration failed", { app: key, error: message });
  }
  return "failed";
}

interface Committing {
  readonly writing: RepositoryAccess;
  readonly sha: string;
  readonly batch: Batch;
  readonly deps: HydrationDeps;
  readonly failures: Map<AppKey, string>;
}

/** Renders all and writes one commit; the commit that holds them, which is an earlier one when nothing changed. */
async function commitAll(renderings: readonly Rendering[], committing: Committing): Promise<string> {
  const { writing, sha, batch, deps, failures } = committing;
  const { signal } = batch;
  const apps: HydratedManifests[] = [];
  for (const rendering of renderings) {
    try {
      apps.push(await renderOne(rendering, committing));
    } catch (error) {
      if (!isMooringError(error) || error.code.startsWith("KUBE_")) throw error;
      failures.set(appKeyOf(rendering.member.app), error.message);
    }
  }
  if (failures.size > 0) throw new MooringError("HYDRATE_INVALID", "not all applications can be rendered");
  const [first] = renderings;
  if (first === undefined) throw new Error("there is nothing to commit");
  const { hydrator } = first.member;
  const branch = hydratedBranchOf(hydrator);
  const startsFrom = hydrator.syncSource.targetBranch;
  const dry = await describeDry(first, committing);
  const layout = { dry, apps, others: batch.directories, version: deps.version };
  const committed = await deps.writer.commit(writing, {
    branch,
    startsFrom,
    author: deps.config().settings.commitAuthor,
    change: async (tree, changeSignal) => await layOut(tree, { ...layout, signal: changeSignal }),
    signal,
  });
  if (committed !== undefined) {
    deps.log.info("hydrated", {
      branch,
      drySha: sha,
      hydratedSha: committed.commit,
      applications: apps.length,
    });
    return committed.commit;
  }
  return await currentCommit(writing, { branch, startsFrom, deps, signal });
}

async function renderOne(
  { member, context }: Rendering,
  { sha, batch, deps }: Committing,
): Promise<HydratedManifests> {
  const { app, hydrator } = member;
  const { signal } = batch;
  const { adapters } = deps;
  const target = context.live.cluster;
  const [source] = await renderForGit(context, [sha], {
    ...accessFor(context, adapters, { maxAgeMs: batch.maxAgeMs, signal }),
    renderer: adapters.renderer,
    openDataKeys: adapters.openDataKeys,
    target,
    discovery: await target.discover(signal),
  });
  if (source?.render === undefined)
    throw new Error(`${formatAppKey(appKeyOf(app))}: its dry source rendered nothing`);
  const { name, namespace = deps.hub.namespace } = app.metadata;
  const to = app.spec.destination.namespace ?? "";
  const path = normalisePath(hydrator.drySource.path);
  const words = ["mooring", "render", path === "" ? "." : path, "--name", name];
  return {
    namespace,
    name,
    path: directoryOf(member),
    commands: [
      [...words, ...(to === "" ? [] : ["--dest-namespace", to])].map((word) => quoted(word)).join(" "),
    ],
    manifests: hydratedManifests(source.render),
  };
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w./:@=,+-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

async function describeDry({ context }: Rendering, { sha, batch, deps }: Committing): Promise<DryCommit> {
  const [reference] = context.sources;
  if (reference?.kind !== "git") throw new Error("a dry source is no Git repository");
  const { author, date, message } = await deps.adapters.git.readCommit(reference.access, sha, batch.signal);
  return { repoURL: reference.url, sha, author, date, message };
}

interface Current {
  readonly branch: string;
  readonly startsFrom: string;
  readonly deps: HydrationDeps;
  readonly signal: AbortSignal;
}

/** Where the manifests are that did not have to be written. */
async function currentCommit(
  writing: RepositoryAccess,
  { branch, startsFrom, deps, signal }: Current,
): Promise<string> {
  const { git } = deps.adapters;
  const { branches } = await git.listRefs(writing, { maxAgeMs: 0, signal });
  const at = branches.includes(branch) ? branch : startsFrom;
  return (await git.resolve(writing, `refs/heads/${at}`, { maxAgeMs: 60_000, signal })).commit;
}
