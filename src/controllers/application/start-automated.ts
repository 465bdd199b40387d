import type { Application, FoundCondition, Operation } from "#core/app/index.ts";
import { sourceOf } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson, parseObjectKey } from "#core/object/index.ts";
import type { AutoSyncDecision, LastOperation } from "#core/sync/index.ts";
import { decideAutoSync } from "#core/sync/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import { startOperation } from "./start-operation.ts";
import type { AppState } from "./state.ts";
import { syncStatusOf } from "./status.ts";

/** Starts the sync that an automated application is due, if it is; what keeps it from that comes back as conditions. */
export function startAutomated(
  context: AppContext,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): readonly FoundCondition[] {
  const { desired } = look;
  if (desired === undefined) return [];
  const decision = decide(context, look, { state, nowMs: deps.adapters.clock.now() });
  state.healAtMs = undefined;
  // Which revision is the newest is not known now; what was deployed is still kept in step.
  if (decision.sync && decision.because === "new-revision" && look.stale) return [];
  if (!decision.sync) {
    if (decision.because === "backing-off") state.healAtMs = decision.retryAtMs;
    return "condition" in decision ? [{ type: decision.condition, message: decision.message }] : [];
  }
  startOperation(context, state, {
    deps,
    operation: operationOf(decision, desired.revision, context),
    automated: true,
    recorded: false,
    terminating: false,
    revision: desired.revision,
  });
  return [];
}

/**
 * An automated application whose first sync was applied but not yet written down when the controller ended is in sync and has
 * no history: it is synced once more, which changes nothing and records what was deployed.
 */
function decide(
  context: AppContext,
  look: Look,
  { state, nowMs }: { readonly state: AppState; readonly nowMs: number },
): AutoSyncDecision {
  const { app, source } = context;
  // What was just pruned may still be there for a moment: that is no drift. What cannot be reached, no sync puts right.
  const compared = (look.compared ?? []).filter(
    (object) => !object.unreachable && (object.desired !== undefined || !state.pruned.has(object.key)),
  );
  const { desired } = look;
  const status = syncStatusOf(compared);
  const unrecorded = status === "Synced" && neverSynced(app) && compared.length > 0;
  return decideAutoSync({
    policy: app.spec.syncPolicy?.automated,
    syncStatus: unrecorded ? "OutOfSync" : status,
    operationRunning: false,
    deleting: app.metadata.deletionTimestamp !== undefined,
    lastOperation: lastOperationOf(app),
    desiredRevision: desired?.revision ?? "",
    sourceDigest: canonicalJson(source as JsonValue),
    outOfSync: compared
      .filter((object) => unrecorded || object.sync === "OutOfSync")
      .map((object) => ({ key: object.key, requiresPrune: object.desired === undefined })),
    empty: desired !== undefined && desired.objects.length === 0,
    nowMs,
  });
}

function neverSynced({ status }: Application): boolean {
  return (status?.history ?? []).length === 0 && status?.operationState === undefined;
}

function lastOperationOf(app: Application): LastOperation | undefined {
  const state = app.status?.operationState;
  if (state?.operation.sync === undefined || state.operation.sync.dryRun === true) return lastDeployment(app);
  return {
    phase: state.phase,
    revision: state.syncResult?.revision ?? state.operation.sync.revision ?? "",
    sourceDigest: canonicalJson((state.syncResult?.source ?? sourceOf(app) ?? null) as JsonValue),
    finishedAtMs: state.finishedAt === undefined ? undefined : Date.parse(state.finishedAt),
    autoHealAttempts: state.operation.sync.autoHealAttemptsCount ?? 0,
    message: state.message,
  };
}

/** A dry run in between must not make an automated application forget what it deployed. */
function lastDeployment(app: Application): LastOperation | undefined {
  const last = app.status?.history?.at(-1);
  if (last === undefined) return undefined;
  return {
    phase: "Succeeded",
    revision: last.revision ?? "",
    sourceDigest: canonicalJson((last.source ?? sourceOf(app) ?? null) as JsonValue),
    finishedAtMs: Date.parse(last.deployedAt),
    autoHealAttempts: 0,
  };
}

function operationOf(
  decision: Extract<AutoSyncDecision, { readonly sync: true }>,
  revision: string,
  { app }: AppContext,
): Operation {
  const { retry } = app.spec.syncPolicy ?? {};
  const selfHeal = decision.because === "self-heal";
  return {
    sync: {
      revision,
      ...(decision.prune ? { prune: true } : {}),
      ...(app.spec.syncPolicy?.syncOptions === undefined
        ? {}
        : { syncOptions: app.spec.syncPolicy.syncOptions }),
      ...(selfHeal
        ? {
            autoHealAttemptsCount: decision.attempt,
            resources: decision.resources.map((key) => {
              const { group, kind, namespace, name } = parseObjectKey(key);
              return { group, kind, name, ...(namespace === "" ? {} : { namespace }) };
            }),
          }
        : {}),
    },
    initiatedBy: { automated: true },
    retry: retry ?? { limit: 5 },
  };
}
