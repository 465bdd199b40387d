import type { DeletionHookType } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { Desired } from "#engine/desired.ts";
import { cleanDeletionHooks, deletionHookKeys, runDeletionHooks } from "#engine/run-deletion-hooks.ts";
import type { HealthJudge } from "#engine/scripted-health.ts";
import type { LiveStore } from "#ports/live-store.ts";
import { resolveContext } from "./context.ts";
import type { Deletion, DeletionStep } from "./deletion.ts";
import { deletionTrackingOf, isAsked, requestedAtMs } from "./deletion.ts";
import { lastDesired, refreshDesired } from "./refresh-desired.ts";

/** How old what Git says may be: a hook that fails is corrected there, and the deletion goes on with that. */
const desiredAgeMs = 30_000;

/** Runs the hooks of one type as Git wants them now, or as it last did while it does not answer. */
export async function runHooks(type: DeletionHookType, deletion: Deletion): Promise<DeletionStep> {
  const { app, deps, signal } = deletion;
  const context = contextOf(deletion);
  const step = await runDeletionHooks({
    type,
    requestedAtMs: requestedAtMs(app),
    context,
    desired: await desiredOf(context, deletion),
    clock: deps.adapters.clock,
    health: judgeOf(context.instance, deletion),
    concurrency: deps.writeConcurrency,
    signal,
  });
  if (step.do === "done") return { do: "release" };
  if (step.do === "wait") return { do: "wait", message: step.message };
  const message = `${type} hook failed: ${step.message}; correct it in Git, or delete the failed object to run it again`;
  return { do: "failed", message };
}

/** Removes hooks that have run, as their policies say. */
export async function cleanHooks(
  type: DeletionHookType,
  live: LiveStore,
  deletion: Deletion,
): Promise<DeletionStep> {
  const { app, deps, signal } = deletion;
  const run = { type, requestedAtMs: requestedAtMs(app) };
  const tracking = deletionTrackingOf(deletion);
  await cleanDeletionHooks({
    ...run,
    live,
    tracking,
    health: judgeOf(tracking.appName, deletion),
    keys: [...inventoryOf(app), ...(await hookKeys(type, deletion))],
    concurrency: deps.writeConcurrency,
    signal,
  });
  return { do: "release" };
}

function judgeOf(instance: string, { deps }: Deletion): HealthJudge {
  return deps.healthChecks.judgeBy(deps.config().settings.healthScripts, instance);
}

function contextOf({ app, deps }: Deletion): AppContext {
  const resolved = resolveContext(app, { hub: deps.hub, config: deps.config(), registry: deps.registry });
  if (resolved.ok) return resolved.context;
  throw new MooringError("CONFIG_INVALID", resolved.problems.join("; "));
}

/** What Git wants; while that cannot be told or rendered, what it last wanted: the application was deployed with those hooks. */
async function desiredOf(context: AppContext, { app, state, deps, signal }: Deletion): Promise<Desired> {
  const request = { maxAgeMs: isAsked(app) ? 0 : desiredAgeMs, signal };
  const { adapters, log } = deps;
  try {
    return (await refreshDesired(context, state, { adapters, request })).desired;
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    const last = await lastDesired(context, state, { adapters, request });
    if (last === undefined) throw error;
    log.warn("running the hooks of a deletion as Git last wanted them", {
      app: context.key,
      revision: last.revision,
      error: error.message,
    });
    return last;
  }
}

/** The names of the hooks, if Git can tell; what is watched is found without. */
async function hookKeys(type: DeletionHookType, deletion: Deletion): Promise<readonly ObjectKey[]> {
  try {
    const desired = await desiredOf(contextOf(deletion), deletion);
    return deletionHookKeys(desired, { type, requestedAtMs: requestedAtMs(deletion.app) });
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    deletion.deps.log.warn("cleaning up deletion hooks without what Git says", {
      app: deletion.app.metadata.name,
      error: error.message,
    });
    return [];
  }
}
