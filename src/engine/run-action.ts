import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { Action, ApplyAction, PruneAction, ResourceResult, Wave } from "#core/sync/index.ts";
import { operationMessages } from "#core/sync/index.ts";
import { applyObject } from "./apply.ts";
import type { Run } from "./plan-run.ts";
import { nameOf, put, skipResult, versionOf } from "./plan-run.ts";
import { removeObject } from "./remove.ts";

/** Failures that say nothing about what was sent. */
const outages = ["KUBE_UNREACHABLE", "KUBE_UNAUTHORIZED", "KUBE_TIMEOUT", "KUBE_THROTTLED"] as const;

/** Carries one action of a wave out and puts down how it ended; a failure is a line of the result. */
export async function runAction(action: Action, wave: Wave, run: Run): Promise<void> {
  const version = versionOf(action.key, run);
  try {
    const result = await carryOut(action, run);
    const hookPhase =
      action.verb === "apply" && action.hook !== undefined ? { hookPhase: "Running" as const } : {};
    if (result !== undefined) put(run, wave.phase, { key: action.key, version, result, ...hookPhase });
  } catch (error) {
    if (isAbortError(error) || !isMooringError(error) || error.retry === "bug") throw error;
    const result: ResourceResult = { code: "SyncFailed", message: messageOf(error) };
    const outage = outages.some((code) => isMooringError(error, code));
    put(run, wave.phase, { key: action.key, version, result, outage });
  }
}

async function carryOut(action: Action, run: Run): Promise<ResourceResult | undefined> {
  switch (action.verb) {
    case "apply":
      return applyOne(action, run);
    case "prune":
      return pruneOne(action, run);
    case "skip":
      return skipResult(action);
    default:
      throw new Error(`unhandled action: ${JSON.stringify(action satisfies never)}`);
  }
}

async function applyOne(action: ApplyAction, run: Run): Promise<ResourceResult> {
  const { live, writer, clock, plan, signal } = run;
  const before = live.get(action.key);
  run.onBegun(action.key);
  const applied = await applyObject(action, {
    cluster: writer,
    clock,
    dryRun: plan.dryRun,
    live: before,
    respect: run.respect,
    signal,
    shutdown: run.shutdown,
  });
  if (!plan.dryRun) {
    live.observe(applied);
    if (run.unwatched.has(action.key)) run.applied.set(action.key, applied);
    run.onApplied(action.key, applied);
  }
  // The answer of a dry run has the version of what lives.
  const dryRunVerb = before === undefined ? "created" : "configured";
  const verb = plan.dryRun ? dryRunVerb : verbOf(before, applied);
  return { code: "Synced", message: `${nameOf(action.key)} ${verb}${plan.dryRun ? " (dry run)" : ""}` };
}

/** What an apply did, in kubectl's words; what was deleted and created again is created. */
function verbOf(before: KubeObject | undefined, after: KubeObject): string {
  if (before === undefined || before.metadata.uid !== after.metadata.uid) return "created";
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? "unchanged" : "configured";
}

async function pruneOne(action: PruneAction, run: Run): Promise<ResourceResult> {
  const { live, writer, plan, signal } = run;
  const { group, kind, namespace, name } = parseObjectKey(action.key);
  const type = (await live.cluster.discover(signal)).typeOf(group, kind);
  if (type !== undefined) {
    await removeObject(
      {
        ref: { type, namespace: type.namespaced ? namespace : "", name },
        uid: action.uid,
        resourceVersion: action.resourceVersion,
        isOurs: run.isOurs,
        propagation: action.propagation,
        dryRun: plan.dryRun,
      },
      { cluster: writer, signal },
    );
  }
  return {
    code: "Pruned",
    message: plan.dryRun ? `${operationMessages.pruned} (dry run)` : operationMessages.pruned,
  };
}
