import type { AppKey, Application, FoundCondition, Operation, OperationState } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, isLocalSync, operationRevisionsOf, parseAppKey } from "#core/app/index.ts";
import type { Awaited, FollowedSource } from "#core/dependencies/index.ts";
import {
  followedSources,
  formatAutomatedWait,
  formatCycle,
  formatMissing,
  formatOperationWait,
  formatUnreadable,
  judgeDependency,
  viewDependency,
  viewWaitingSince,
} from "#core/dependencies/index.ts";
import { formatWait } from "#core/sync/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { syncOptionsOf } from "#engine/sync-options.ts";
import { formatTime } from "#runtime/clock.ts";
import { projectOf } from "#core/project/project-of.ts";
import { mayDepend } from "../dependencies/may-depend.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import { operationStateOf } from "./operation-state.ts";
import type { RunningOperation } from "./state.ts";

/** What keeps an application from being synced. */
interface Blocked {
  readonly awaited: readonly Awaited[];
  readonly problems: readonly string[];
}

/**
 * What is wrong with what the application says that it depends on, whether it is to be synced or not. Who waits, for a dependency or for
 * this to be put right, is looked at again when one of the dependencies changes. One whose own spec is refused learns nothing of others.
 */
export function reviewDependencies(
  app: Application,
  look: Look,
  deps: ApplicationDeps,
): readonly FoundCondition[] {
  const key = appKeyOf(app);
  const { dependencies } = deps;
  const problems = look.context === undefined ? [] : problemsOf(app, deps);
  dependencies.setWaiting(key, problems.length > 0);
  return problems.map((problem) => ({
    type: "DependencyError",
    message: `${formatAppKey(key)}: ${problem}`,
  }));
}

/** What keeps the automated sync of a new revision from beginning, as a condition; undefined when it may. */
export function automatedWait(
  context: AppContext,
  look: Look,
  deps: ApplicationDeps,
): readonly FoundCondition[] | undefined {
  const { app, key } = context;
  if (isIgnored(app, undefined)) return undefined;
  const blocked = blockedBy(context, look, deps);
  if (blocked === undefined) return undefined;
  // What is wrong is said already, and more than who else is waited for.
  if (blocked.problems.length > 0) return [];
  const said = app.status?.conditions?.find(({ type }) => type === "DependencyWarning")?.message;
  const since = viewWaitingSince(said) ?? formatTime(deps.adapters.clock.now());
  const text = formatAutomatedWait(blocked.awaited, { since, command: commandFor(key, deps) });
  return [{ type: "DependencyWarning", message: `${formatAppKey(key)}: ${text}` }];
}

/** True for an automated sync that waits for its turn, while its dependencies are not as they are to be any more. */
export function missedItsDependencies(running: RunningOperation, look: Look, deps: ApplicationDeps): boolean {
  const { context } = look;
  if (context === undefined || !running.automated || running.recorded) return false;
  if (isIgnored(context.app, running.operation) || !isGated(running.operation, context, look)) return false;
  return blockedBy(context, look, deps) !== undefined;
}

interface Asked {
  readonly operation: Operation;
  readonly look: Look;
  readonly deps: ApplicationDeps;
  /** What the status says of the operation so far; undefined for one that has just been asked for. */
  readonly said: OperationState | undefined;
}

/** What the status says of an operation that somebody asked for and that may not begin yet; undefined when it may. */
export function operationWait(
  context: AppContext,
  { operation, look, deps, said }: Asked,
): OperationState | undefined {
  if (isIgnored(context.app, operation) || !isGated(operation, context, look)) return undefined;
  const blocked = blockedBy(context, look, deps);
  if (blocked === undefined) return undefined;
  const nowMs = deps.adapters.clock.now();
  const stop = `run: mooring app terminate-op ${nameFor(context.key, deps)}`;
  return operationStateOf({
    operation,
    startedAtMs: said === undefined ? nowMs : Date.parse(said.startedAt),
    phase: "Running",
    message: formatWait({
      message: formatOperationWait(blocked.awaited, blocked.problems),
      since: viewWaitingSince(said?.message) ?? formatTime(nowMs),
      wayOut: `${stop}; to go ahead run after that: ${commandFor(context.key, deps)}`,
    }),
    retryCount: 0,
  });
}

/**
 * What deploys all of what the application wants now is gated; what somebody picks out of it, brings along, goes back to or only tries is
 * theirs to decide.
 */
function isGated({ sync = {}, ...operation }: Operation, { sources }: AppContext, look: Look): boolean {
  const isPart = (sync.resources ?? []).length > 0;
  const bringsSources = sync.source !== undefined || (sync.sources ?? []).length > 0;
  if (sync.dryRun === true || isPart || bringsSources || isLocalSync({ ...operation, sync })) return false;
  const wanted = look.desired?.revisions;
  if (wanted === undefined) return false;
  return operationRevisionsOf({ ...operation, sync }, sources.length).every(
    (revision, i) =>
      revision === "" || revision === wanted[i] || revision === sources[i]?.source.targetRevision,
  );
}

function isIgnored(app: Application, operation: Operation | undefined): boolean {
  return syncOptionsOf(app, operation).get("IgnoreDependencies") === "true";
}

function blockedBy(context: AppContext, look: Look, deps: ApplicationDeps): Blocked | undefined {
  const { app, key } = context;
  const { dependencies } = deps;
  const { keys, problem } = dependencies.namedBy(key);
  if (keys.length === 0 && problem === undefined) return undefined;
  const problems = problemsOf(app, deps);
  const wanted = followedSources(
    context.sources.map(({ source }) => source),
    look.desired?.revisions ?? [],
  );
  const awaited = keys.flatMap((one) => stateOf(one, app, { wanted, deps }));
  if (problems.length === 0 && awaited.length === 0) return undefined;
  dependencies.setWaiting(key, true);
  for (const one of awaited) hasten(one.key, wanted, deps);
  return { problems, awaited };
}

interface Wanted {
  readonly wanted: readonly FollowedSource[];
  readonly deps: ApplicationDeps;
}

function stateOf(key: AppKey, app: Application, { wanted, deps }: Wanted): readonly Awaited[] {
  const found = permitted(key, app, deps);
  const state = found === undefined ? undefined : judgeDependency(found, wanted);
  return state === undefined ? [] : [{ key, state }];
}

/** One that has not seen the commit yet, or has not said so, is looked at now: it may be that the commit changes nothing for it. */
function hasten(key: AppKey, wanted: readonly FollowedSource[], { hub, queue }: ApplicationDeps): void {
  const found = hub.applications.get(key);
  if (found === undefined) return;
  const isBehind = viewDependency(found).sources.some((one) =>
    wanted.some(({ followed, revision }) => followed === one.followed && revision !== one.revision),
  );
  if (isBehind) queue.add(key);
}

function permitted(key: AppKey, app: Application, { hub }: ApplicationDeps) {
  const found = hub.applications.get(key);
  return found !== undefined && mayDepend(app, found, hub) ? found : undefined;
}

function problemsOf(app: Application, deps: ApplicationDeps): readonly string[] {
  const key = appKeyOf(app);
  const { keys, problem } = deps.dependencies.namedBy(key);
  if (keys.length === 0 && problem === undefined) return [];
  const missing = keys.filter((one) => permitted(one, app, deps) === undefined);
  const cycle = deps.dependencies.cycleOf(key);
  const seen = cycle?.map((one) => (permitted(one, app, deps) === undefined ? undefined : one));
  return [
    ...(problem === undefined ? [] : [formatUnreadable(problem)]),
    ...missing.map((one) => formatMissing(one, projectOf(app))),
    ...(seen === undefined ? [] : [formatCycle(seen)]),
  ];
}

function commandFor(key: AppKey, deps: ApplicationDeps): string {
  return `mooring app sync ${nameFor(key, deps)} --ignore-dependencies`;
}

/** As commands take it. */
function nameFor(key: AppKey, { hub }: ApplicationDeps): string {
  const { namespace, name } = parseAppKey(key);
  return namespace === hub.namespace ? name : key;
}
