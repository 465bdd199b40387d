import { appKeyOf, formatAppKey, hydratedBranchOf, projectNameOf, syncSourceOf } from "#core/app/index.ts";
import type { AppKey, Application, HydratorStatus } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf, MooringError, stackOf } from "#core/errors/index.ts";
import type { DryCommit } from "#core/hydrate/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { writeDenial } from "#core/promotion/index.ts";
import type { RepositoryAccess } from "#core/repo/index.ts";
import { isConfigured, parseRepositoryUrl, resolveRepositoryAccess } from "#core/repo/index.ts";
import { normalisePath } from "#core/source/index.ts";
import { hydratedManifests } from "#engine/hydrate/hydrated-manifests.ts";
import type { HydratedManifests } from "#engine/hydrate/layout.ts";
import { layOut } from "#engine/hydrate/layout.ts";
import { resolveRevision } from "#engine/open-source.ts";
import { renderForGit } from "#engine/render-desired.ts";
import type { TreeChange } from "#ports/git-writer.ts";
import { formatTime } from "#runtime/clock.ts";
import { accessFor } from "../application/refresh-desired.ts";
import { readPipelines } from "../hub/pipelines.ts";
import type { HydratedApplication } from "./batch.ts";
import { directoryOf } from "./batch.ts";
import type { HydrationDeps } from "./deps.ts";
import type { PreparedApplication } from "./prepare.ts";
import type { BatchOutcome } from "./tell-failure.ts";
import { tellFailure } from "./tell-failure.ts";
import { isAsked, writeHydratorStatus } from "./write-status.ts";

export interface Batch {
  readonly members: readonly PreparedApplication[];
  /** What is wrong with members besides themselves. */
  readonly problems: ReadonlyMap<Application, string>;
  /** Directories of all applications of the branch. */
  readonly directories: ReadonlySet<string>;
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
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
    for (const { app } of members) {
      const problem = batch.problems.get(app);
      if (problem !== undefined) failures.set(appKeyOf(app), problem);
    }
    const [first] = members;
    if (first === undefined) return "done";
    if (failures.size > 0) return await tellFailure(batch, { failures, drySha }, deps);
    const writing = writeAccess(first, deps);
    drySha = await resolveDry(first, batch, deps);
    const sha = drySha;
    if (!members.some((member) => needsHydration(member, sha))) return "done";
    await startAll(members, { sha, deps, signal });
    const hydratedSha = await commitAll(members, { writing, sha, batch, deps, failures });
    await finishAll(members, { sha, hydratedSha, deps, signal });
    return "done";
  } catch (error) {
    if (signal.aborted && isAbortError(error)) throw error;
    if (isMooringError(error) && error.code.startsWith("KUBE_")) throw error;
    if (!isMooringError(error)) deps.log.error("hydration hit a bug", { error: stackOf(error) });
    if (failures.size === 0) for (const { app } of members) failures.set(appKeyOf(app), messageOf(error));
    return await tellFailure(batch, { failures, drySha }, deps);
  }
}

/** With what the branch is written. Throws HYDRATE_INVALID. */
function writeAccess({ app, hydrator }: HydratedApplication, deps: HydrationDeps): RepositoryAccess {
  const { writing } = deps.config();
  const { repoURL } = syncSourceOf(hydrator);
  const project = projectNameOf(app);
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
  { context }: PreparedApplication,
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

interface Committing {
  readonly writing: RepositoryAccess;
  readonly sha: string;
  readonly batch: Batch;
  readonly deps: HydrationDeps;
  readonly failures: Map<AppKey, string>;
}

/** Renders all and writes one commit; the commit that holds them, which is an earlier one when nothing changed. */
async function commitAll(members: readonly PreparedApplication[], committing: Committing): Promise<string> {
  const { writing, sha, batch, deps, failures } = committing;
  const { signal } = batch;
  const apps: HydratedManifests[] = [];
  for (const member of members) {
    try {
      apps.push(await renderOne(member, committing));
    } catch (error) {
      if (!isMooringError(error) || error.code.startsWith("KUBE_")) throw error;
      failures.set(appKeyOf(member.app), error.message);
    }
  }
  if (failures.size > 0) throw new MooringError("HYDRATE_INVALID", "not all applications can be rendered");
  const [first] = members;
  if (first === undefined) throw new Error("there is nothing to commit");
  const { hydrator } = first;
  const branch = hydratedBranchOf(hydrator);
  const startsFrom = hydrator.syncSource.targetBranch;
  const dry = await describeDry(first, committing);
  const layout = { dry, apps, others: batch.directories, version: deps.version };
  const committed = await deps.writer.commit(writing, {
    branch,
    startsFrom,
    author: deps.config().settings.commitAuthor,
    change: async (tree, changeSignal) => {
      const change = await layOut(tree, { ...layout, signal: changeSignal });
      if (change !== undefined) requireOpen(first, change, deps);
      return change;
    },
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

/** A stage takes nothing while it is frozen, held or suspended, by whomever it is written. Throws HYDRATE_INVALID. */
function requireOpen({ hydrator }: HydratedApplication, { files }: TreeChange, deps: HydrationDeps): void {
  if (files.size === 0) return;
  const { repoURL } = syncSourceOf(hydrator);
  const branch = hydratedBranchOf(hydrator);
  const place = { repoUrl: repoURL, branch, paths: [...files.keys()] };
  const nowMs = deps.adapters.clock.now();
  const denied = writeDenial(readPipelines(deps.hub), place, { nowMs, formatTime });
  if (denied !== undefined) throw new MooringError("HYDRATE_INVALID", `branch ${branch}: ${denied}`);
}

async function renderOne(
  member: PreparedApplication,
  { sha, batch, deps }: Committing,
): Promise<HydratedManifests> {
  const { app, hydrator, context } = member;
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

async function describeDry(
  { context }: PreparedApplication,
  { sha, batch, deps }: Committing,
): Promise<DryCommit> {
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
