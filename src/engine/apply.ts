import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, viewArray, viewString } from "#core/object/index.ts";
import type { ApplyAction } from "#core/sync/index.ts";
import { isContainerKey } from "#core/sync/index.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { migrateOwnership } from "./migrate.ts";
import { explainKept, isImmutable, recreate } from "./recreate.ts";
import { removeAndAwait } from "./remove.ts";
import { repeatOnConflict } from "./repeat-on-conflict.ts";

/** The field manager of every write, the same as Argo CD's, so that taking over from it changes no owner. */
export const fieldManager = "argocd-controller";

export interface ApplyContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly dryRun: boolean;
  /** The live object as the plan saw it. */
  readonly live: KubeObject | undefined;
  readonly signal: AbortSignal;
  /** Ends the process: what must not stop half-way, a deletion to create anew, heeds only this one. */
  readonly shutdown: AbortSignal;
}

const definitionPollMs = 100;
const definitionDeadlineMs = 30_000;

async function resolveType(action: ApplyAction, context: ApplyContext): Promise<ResourceType> {
  const { group, version, kind } = gvkOf(action.desired);
  const known = (await context.cluster.discover(context.signal)).typeOf(group, kind, version);
  if (known?.version === version) return known;
  const fresh = await context.cluster.discover(context.signal, { refresh: true });
  const type = fresh.typeOf(group, kind, version);
  if (type?.version === version) return type;
  throw new MooringError(
    "KUBE_UNKNOWN_KIND",
    `${formatObjectKey(action.key)}: the cluster does not serve ${action.desired.apiVersion} ${kind}; install its CustomResourceDefinition or correct apiVersion and kind`,
    { key: action.key },
  );
}

function refOf(action: ApplyAction, type: ResourceType): ObjectRef {
  const { name = "", namespace = "" } = action.desired.metadata;
  return { type, namespace: type.namespaced ? namespace : "", name };
}

function writeOptions(action: ApplyAction, context: ApplyContext) {
  return {
    fieldManager,
    dryRun: context.dryRun,
    fieldValidation: action.validate ? ("Strict" as const) : ("Ignore" as const),
    signal: context.signal,
  };
}

function createAnew(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  return recreate(action, refOf(action, type), { ...context, write: writeOptions(action, context) });
}

async function applyServerSide(
  action: ApplyAction,
  type: ResourceType,
  context: ApplyContext,
): Promise<KubeObject> {
  const { cluster, live } = context;
  if (live !== undefined && action.migrateOwnership && !context.dryRun) {
    await migrateOwnership(refOf(action, type), live, { ...context, fieldManager });
  }
  try {
    return await cluster.apply(type, action.desired, { ...writeOptions(action, context), force: true });
  } catch (error) {
    if (!action.force || !isImmutable(error)) throw error;
    return createAnew(action, type, context);
  }
}

async function replace(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  const { cluster, signal } = context;
  if (action.force) return createAnew(action, type, context);
  return repeatOnConflict(async () => {
    const live = await cluster.read(refOf(action, type), signal);
    if (live === undefined) return create(action, type, context);
    const metadata = { ...action.desired.metadata, resourceVersion: live.metadata.resourceVersion ?? "" };
    return cluster.replace(type, { ...action.desired, metadata }, writeOptions(action, context));
  });
}

function create(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  return context.cluster.create(type, action.desired, writeOptions(action, context));
}

async function write(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  const run = { apply: applyServerSide, create, replace }[action.mode];
  try {
    return await run(action, type, context);
  } catch (error) {
    throw isImmutable(error) && isContainerKey(action.key) ? explainKept(action, error) : error;
  }
}

/** Waits until the API server serves a new kind: objects of it that are applied at once would be refused. */
async function awaitEstablished(ref: ObjectRef, context: ApplyContext): Promise<void> {
  const deadline = context.clock.now() + definitionDeadlineMs;
  for (;;) {
    const definition = await context.cluster.read(ref, context.signal);
    const established = viewArray(definition, "status", "conditions").some(
      (condition) =>
        viewString(condition, "type") === "Established" && viewString(condition, "status") === "True",
    );
    if (established) break;
    if (context.clock.now() > deadline) {
      throw new MooringError(
        "SYNC_FAILED",
        `CustomResourceDefinition/${ref.name}: not established within ${definitionDeadlineMs / 1000} s; see its status.conditions`,
      );
    }
    await context.clock.sleep(definitionPollMs, context.signal);
  }
  await context.cluster.discover(context.signal, { refresh: true });
}

/** Carries one planned apply out and returns the object as the server holds it now. Throws MooringError with a `KUBE_` or `SYNC_` code. */
export async function applyObject(action: ApplyAction, context: ApplyContext): Promise<KubeObject> {
  const type = await resolveType(action, context);
  if (action.hook?.replaces !== undefined && !context.dryRun) {
    await removeAndAwait(refOf(action, type), context, action.hook.replaces);
  }
  const applied = await write(action, type, context);
  if (type.kind === "CustomResourceDefinition" && !context.dryRun) {
    await awaitEstablished(refOf(action, type), context);
  }
  return applied;
}
