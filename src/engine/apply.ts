import { MooringError } from "#core/errors/index.ts";
import type { Respected } from "#core/differences/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, viewArray, viewString } from "#core/object/index.ts";
import type { ApplyAction } from "#core/sync/index.ts";
import { isContainerKey } from "#core/sync/index.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { fieldManager } from "./field-manager.ts";
import { dropForeignInstallation, migrateOwnership } from "./migrate.ts";
import { withoutUndeclared } from "./undeclared-fields.ts";
import { explainKept, isImmutable, recreate } from "./recreate.ts";
import { removeAndAwait } from "./remove.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";

export interface ApplyContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly dryRun: boolean;
  /** The live object as the plan saw it. */
  readonly live: KubeObject | undefined;
  readonly signal: AbortSignal;
  /** Ends the process: what must not stop half-way, a deletion to create anew, heeds only this one. */
  readonly shutdown: AbortSignal;
  /** With RespectIgnoreDifferences=true: what is sent in place of the desired object when it lives. */
  readonly respect?: Respect | undefined;
}

/** The desired object with its ignored fields as they live; `live` is in the version of `desired`. */
export type Respect = (
  pair: { readonly key: ObjectKey; readonly desired: KubeObject; readonly live: KubeObject },
  options: {
    /** True where the object is replaced or created anew and not applied. */
    readonly whole: boolean;
    readonly signal: AbortSignal;
  },
) => Promise<Respected>;

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

async function createAnew(
  action: ApplyAction,
  type: ResourceType,
  context: ApplyContext,
): Promise<KubeObject> {
  const { object } = await toSend(action, context.live, { ...context, type, whole: true });
  const anew = { ...action, desired: object };
  return recreate(anew, refOf(action, type), { ...context, write: writeOptions(action, context) });
}

interface Sending extends ApplyContext {
  readonly type: ResourceType;
  readonly whole: boolean;
}

/** What is sent to an object as it was last seen. Hooks are made anew at every run: nothing of an old one is kept. */
async function toSend(
  action: ApplyAction,
  seen: KubeObject | undefined,
  { cluster, respect, type, whole, signal }: Sending,
): Promise<Respected> {
  const { key, desired } = action;
  if (respect === undefined || seen === undefined || action.hook !== undefined)
    return { object: desired, sendsLive: false };
  const isRightVersion = seen.apiVersion === desired.apiVersion;
  const live = isRightVersion ? seen : await cluster.read(refOf(action, type), signal);
  if (live === undefined) return { object: desired, sendsLive: false };
  const { object, sendsLive } = await respect({ key, desired, live }, { whole, signal });
  return sendsLive ? { object: at(live, object), sendsLive } : { object, sendsLive };
}

/** Live values that are sent must not undo what changed since they were read: the server refuses them then. */
function at(live: KubeObject, object: KubeObject): KubeObject {
  const { resourceVersion = "" } = live.metadata;
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

async function applyServerSide(
  action: ApplyAction,
  type: ResourceType,
  context: ApplyContext,
): Promise<KubeObject> {
  const { cluster, live } = context;
  let seen = live;
  if (live !== undefined && !context.dryRun) {
    const at = { ...context, fieldManager };
    await dropForeignInstallation(refOf(action, type), { live, desired: action.desired }, at);
    if (action.migrateOwnership) seen = await migrateOwnership(refOf(action, type), live, at);
  }
  try {
    return await repeatIf(context.respect !== undefined, async (isFirst) => {
      const now = isFirst ? seen : await cluster.read(refOf(action, type), context.signal);
      const { object } = await toSend(action, now, { ...context, type, whole: false });
      return cluster.apply(type, object, { ...writeOptions(action, context), force: true });
    });
  } catch (error) {
    if (!action.force || !isImmutable(error)) throw error;
    return createAnew(action, type, context);
  }
}

/** Only what depends on what was read is done again when that has changed. */
function repeatIf<T>(repeats: boolean, work: (isFirst: boolean) => Promise<T>): Promise<T> {
  if (!repeats) return work(true);
  let isFirst = true;
  return repeatOnConflict(() => {
    const first = isFirst;
    isFirst = false;
    return work(first);
  });
}

async function replace(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  const { cluster, signal } = context;
  if (action.force) return createAnew(action, type, context);
  return repeatOnConflict(async () => {
    const live = await cluster.read(refOf(action, type), signal);
    if (live === undefined) return create(action, type, context);
    const { object } = await toSend(action, live, { ...context, type, whole: true });
    return cluster.replace(type, at(live, object), writeOptions(action, context));
  });
}

function create(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  return context.cluster.create(type, action.desired, writeOptions(action, context));
}

async function write(action: ApplyAction, type: ResourceType, context: ApplyContext): Promise<KubeObject> {
  const run = { apply: applyServerSide, create, replace }[action.mode];
  try {
    const isWhole = action.validate || action.mode !== "apply";
    const desired = isWhole ? action.desired : await withoutUndeclared(action.desired, context);
    return await run({ ...action, desired }, type, context);
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
