import type { Application, ApplicationSource, FoundCondition } from "#core/app/index.ts";
import {
  appKeyOf,
  formatRevisions,
  formatUnsupported,
  projectNameOf,
  unsupportedFields,
} from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf, stackOf } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, jsonEqual, viewArray, viewPath, viewString } from "#core/object/index.ts";
import { unsupportedProjectFields } from "#core/project/index.ts";
import { parseHold } from "#core/rollback/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import type { FollowedSource } from "#core/webhook/index.ts";
import { followedName } from "#core/webhook/index.ts";
import type { ComparedObject } from "#engine/compare.ts";
import { compareApp } from "#engine/compare.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import type { Desired } from "#engine/desired.ts";
import type { LiveFailure } from "#ports/live-store.ts";
import { formatTime } from "#runtime/clock.ts";
import { whileOpen } from "../clusters/while-open.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ContextResult } from "./context.ts";
import { resolveContext } from "./context.ts";
import type { ApplicationDeps } from "./deps.ts";
import { inventoryOf } from "#core/app/index.ts";
import { namespaceKeyOf } from "#engine/sync-options.ts";
import { leftBehindBy } from "./moved.ts";
import { maxListingAgeMs } from "./listing-age.ts";
import { findOrphans } from "./orphans.ts";
import type { HeldLook } from "./held.ts";
import { heldClaimant, lookAtHeld, messageOfKnown } from "./held.ts";
import type { UnpromotedSync } from "./promotion-gate.ts";
import type { RefreshRequest } from "./refresh-desired.ts";
import { enterScope, forgetCompared, refreshDesired } from "./refresh-desired.ts";
import type { AppState, ResolvedApp } from "./state.ts";

/** What one look at an application found; what could not be found is undefined, with a condition that says why. */
export interface Look {
  readonly context: AppContext | undefined;
  readonly desired: Desired | undefined;
  readonly compared: readonly ComparedObject[] | undefined;
  readonly conditions: readonly FoundCondition[];
  /** The repository could not be asked, so `desired` is the last known. */
  readonly stale: boolean;
  /** The cluster cannot be watched, so `compared` is its last known state. */
  readonly outdated: boolean;
  /** Why nothing new may be synced automatically to the stage of a Pipeline that it is in; undefined when it may, or is in none. */
  readonly unpromoted?: UnpromotedSync | undefined;
  /** What the application is kept to since a revision failed; undefined while nothing is held. */
  readonly held: HeldLook | undefined;
}

export interface LookRequest {
  readonly app: Application;
  readonly state: AppState;
  readonly signal: AbortSignal;
}

/**
 * Finds out what Git wants and what lives, and how the two differ. Failures are conditions; it throws for an abort only, KUBE_CLOSED
 * when the cluster's connection was replaced meanwhile, and KUBE_PENDING while nobody knows yet whether the cluster answers.
 */
export async function lookAt(request: LookRequest, deps: ApplicationDeps): Promise<Look> {
  const { resolved, unsupported, unsupportedByProject } = resolveOnce(request, deps);
  if (!resolved.ok) {
    const invalid = resolved.problems.map((message) => ({ type: "InvalidSpecError" as const, message }));
    return nothing([...invalid, ...unsupported]);
  }
  const { context } = resolved;
  deps.registry.release(context.instance, context.live);
  try {
    const look = await deps.breaker.run({
      server: context.target.server,
      visitor: context.key,
      greet: () => whileOpen(context.live, () => context.live.cluster.discover(request.signal)),
      work: () => whileOpen(context.live, () => compareAll(context, request, deps)),
      onOpen: () => deps.queue.add(context.key),
    });
    return { ...look, conditions: [...look.conditions, ...unsupported, ...unsupportedByProject] };
  } catch (error) {
    if (request.signal.aborted && isAbortError(error)) throw error;
    if (isMooringError(error, "KUBE_CLOSED") || isMooringError(error, "KUBE_PENDING")) throw error;
    const known = isMooringError(error) && error.retry !== "bug";
    if (!known) {
      deps.log.error("comparison hit a bug", {
        app: context.key,
        error: stackOf(error),
      });
    }
    const type = known ? ("ComparisonError" as const) : ("UnknownError" as const);
    return { ...nothing([{ type, message: messageOf(error) }, ...unsupported]), context };
  }
}

/** Finds what the spec refers to, unless spec, project and configuration are the same as at the last look. */
function resolveOnce({ app, state }: LookRequest, deps: ApplicationDeps): ResolvedApp {
  const config = deps.config();
  const names = [projectNameOf(app), ...config.settings.globalProjects.map((one) => one.projectName)];
  const projects = names.map((name) => deps.hub.projects.get(`${deps.hub.namespace}/${name}`));
  const known = state.resolved;
  const same = known?.config === config && projects.every((one, i) => one === known.projects[i]);
  if (known !== undefined && same && isSameSpec(known.app, app)) {
    return known.app === app
      ? known
      : (state.resolved = { ...known, app, resolved: withApp(known.resolved, app) });
  }
  const unsupported = unsupportedFields(app)
    .filter((field) => !field.blocking)
    .map((field) => ({ type: "UnsupportedFieldWarning" as const, message: formatUnsupported(field) }));
  const resolved = resolveContext(app, { hub: deps.hub, config, registry: deps.registry });
  const unsupportedByProject = resolved.ok ? projectWarnings(resolved.context) : [];
  state.resolved = { app, config, projects, resolved, unsupported, unsupportedByProject };
  return state.resolved;
}

function projectWarnings({ project, settings, warnings }: AppContext): readonly FoundCondition[] {
  const fields = unsupportedProjectFields(project).map((field) => ({
    type: "UnsupportedFieldWarning" as const,
    message: `AppProject ${project.metadata.name}: ${formatUnsupported(field)}`,
  }));
  const isIdle = !settings.syncImpersonation && (project.spec.destinationServiceAccounts ?? []).length > 0;
  const idle = {
    type: "UnsupportedFieldWarning" as const,
    message: `AppProject ${project.metadata.name}: spec.destinationServiceAccounts has no effect unless application.sync.impersonation.enabled of argocd-cm is "true"`,
  };
  return [
    ...fields,
    ...(isIdle ? [idle] : []),
    ...warnings.map((message) => ({ type: "GlobalProjectWarning" as const, message })),
  ];
}

/** All of an Application that its context is made from; its status is not. */
function isSameSpec(a: Application, b: Application): boolean {
  const made = ({ spec, operation, metadata }: Application) =>
    [spec, operation ?? null, metadata.annotations ?? {}] as JsonValue;
  return jsonEqual(made(a), made(b));
}

function withApp(resolved: ContextResult, app: Application): ContextResult {
  return resolved.ok ? { ok: true, context: { ...resolved.context, app } } : resolved;
}

function nothing(conditions: readonly FoundCondition[]): Look {
  return {
    context: undefined,
    desired: undefined,
    compared: undefined,
    conditions,
    stale: false,
    outdated: false,
    held: undefined,
  };
}

/** Compares with Git and, while a hold stands, with what it keeps to: that goes on though what Git wants cannot be rendered. */
async function compareAll(context: AppContext, request: LookRequest, deps: ApplicationDeps): Promise<Look> {
  const { state, signal } = request;
  const { app, settings } = context;
  enterScope(state, context);
  const asked = app.metadata.annotations?.[annotationKey.refresh];
  if (asked === "hard") forgetCompared(state);
  const usualMs = settings.reconciliationTimeoutMs || Number.POSITIVE_INFINITY;
  const newsMs = deps.news.maxAgeMs(context.sources.map(({ source }) => followedOf(source)));
  const listingMs = maxListingAgeMs(app, Math.min(usualMs, newsMs), deps.adapters.clock.now());
  const maxAgeMs = asked === undefined ? listingMs : 0;
  const refresh: RefreshRequest = { maxAgeMs, signal };
  const hold = parseHold(app.metadata.annotations, app.metadata);
  if (hold === undefined) {
    if (state.heldDesired !== undefined) context.live.release(heldClaimant(context));
    state.heldDesired = undefined;
    return compareWithGit(context, refresh, { state, deps });
  }
  const head = await compareWithGit(context, refresh, { state, deps }).catch((error: unknown) => {
    const message = messageOfKnown(error);
    return { ...nothing([{ type: "ComparisonError" as const, message }]), context };
  });
  return { ...head, held: await lookAtHeld(context, { hold, head, state, deps, request: refresh }) };
}

async function compareWithGit(
  context: AppContext,
  refresh: RefreshRequest,
  { state, deps }: { readonly state: AppState; readonly deps: ApplicationDeps },
): Promise<Look> {
  const { app } = context;
  const { signal } = refresh;
  const { desired, stale } = await refreshDesired(context, state, {
    adapters: deps.adapters,
    request: refresh,
  });
  if (stale === undefined) noticeCommits(context, desired.revisions, deps);
  // Whether it is there is part of a plan that is to be approved; it is not one of the application's objects.
  const namespaceKey = context.approval === "none" ? undefined : namespaceKeyOf(app, {});
  const found = await compareApp({
    claimant: context.instance,
    desired,
    inventory: [...inventoryOf(app), ...(namespaceKey === undefined ? [] : [namespaceKey])],
    live: context.live,
    tracking: context.tracking,
    secretHash: deps.secretHash,
    verdicts: state.verdicts,
    rules: comparisonRulesOf({ ...context, scripts: deps.scripts }),
    health: deps.healthChecks.judgeBy(context.settings.healthScripts, context.instance),
    signal,
  });
  const compared = found.filter(({ key, desired: wanted }) => key !== namespaceKey || wanted !== undefined);
  deps.contests.note(context.instance, compared);
  const failure = context.live.failureOf(context.instance);
  const orphans = await findOrphans(context, signal);
  const conditions = [
    ...outdatedCondition(failure),
    ...staleCondition(state, desired, stale),
    ...problemConditions(desired),
    ...compared.flatMap((object) => objectConditions(object, context)),
    ...deps.contests.conditionsOf(context.instance),
    ...(await leftBehindBy(context, { compared, deps, signal })),
    ...orphans,
  ];
  return {
    context,
    desired,
    compared,
    conditions,
    stale: stale !== undefined,
    outdated: failure !== undefined,
    held: undefined,
  };
}

/** One application's look at a repository is news to all that deploy from it: none of them has to ask on its own. */
function noticeCommits(
  { key, sources }: AppContext,
  revisions: readonly string[],
  deps: ApplicationDeps,
): void {
  for (const [i, { kind, source }] of sources.entries()) {
    const followed = followedName(followedOf(source));
    const commit = revisions[i];
    if (kind !== "git" || commit === undefined) continue;
    const before = deps.commits.get(followed);
    deps.commits.set(followed, commit);
    if (before === undefined || before === commit) continue;
    for (const other of deps.hub.applications.values()) {
      const otherKey = appKeyOf(other);
      if (otherKey !== key && repositoriesOf(other).includes(source.repoURL)) deps.queue.add(otherKey);
    }
  }
}

function followedOf({ repoURL, targetRevision = "" }: ApplicationSource): FollowedSource {
  return { repoURL, revision: targetRevision };
}

function repositoriesOf(app: KubeObject): readonly (string | undefined)[] {
  const sources = [
    viewPath(app, "spec", "source"),
    ...viewArray(app, "spec", "sources"),
    viewPath(app, "spec", "sourceHydrator", "drySource"),
    viewPath(app, "spec", "sourceHydrator", "syncSource"),
  ];
  return sources.map((source) => viewString(source, "repoURL"));
}

function outdatedCondition(failure: LiveFailure | undefined): readonly FoundCondition[] {
  if (failure === undefined) return [];
  const { error, sinceMs } = failure;
  const message = `${messageOf(error)}; the cluster is not watched since ${formatTime(sinceMs)}, its last known state is shown and no automated sync starts`;
  return [{ type: "ComparisonError", message }];
}

function staleCondition(
  state: AppState,
  desired: Desired,
  stale: string | undefined,
): readonly FoundCondition[] {
  if (stale === undefined) return [];
  const failure = state.repositoryFailure;
  const since = failure === undefined ? "" : ` since ${formatTime(failure.sinceMs)}`;
  const message = `${failure?.message ?? stale}; not reachable${since}, the last known revision ${formatRevisions(desired.revisions)} is kept in force`;
  return [{ type: "ComparisonError", message }];
}

const problemTypes = {
  repeated: "RepeatedResourceWarning",
  excluded: "ExcludedResourceWarning",
  "unknown-kind": "ComparisonError",
  "no-namespace": "ComparisonError",
} as const satisfies Record<Desired["problems"][number]["kind"], FoundCondition["type"]>;

function problemConditions(desired: Desired): readonly FoundCondition[] {
  return desired.problems.map(({ kind, message }) => ({ type: problemTypes[kind], message }));
}

function objectConditions(object: ComparedObject, context: AppContext): readonly FoundCondition[] {
  const conditions: FoundCondition[] = [];
  if (object.refused !== undefined) conditions.push({ type: "ComparisonError", message: object.refused });
  if (object.owner !== undefined && object.desired !== undefined) {
    conditions.push({
      type: "SharedResourceWarning",
      message: `${formatObjectKey(object.key)} is part of applications ${context.instance} and ${object.owner}; remove it from one of the two, or take it over with sync option TakeOwnership=true`,
    });
  }
  return conditions;
}
