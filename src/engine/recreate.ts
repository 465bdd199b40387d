import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject, ObjectKey } from "#core/object/index.ts";
import { isJsonObject, parseObjectKey, viewArray } from "#core/object/index.ts";
import type { ApplyAction } from "#core/sync/index.ts";
import { isContainerKey } from "#core/sync/index.ts";
import { viewSyncOptions } from "#core/tracking/index.ts";
import type { Cluster, ObjectRef, WriteOptions } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { removeAndAwait } from "./remove.ts";

export interface RecreateContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** The live object as the plan saw it. */
  readonly live: KubeObject | undefined;
  readonly write: WriteOptions;
  /** Ends the process; `write.signal` may end only the sync. */
  readonly shutdown: AbortSignal;
}

/** What kinds say of a change that they never allow, in the words of Kubernetes' validation. */
const changeForbidden =
  /immutable|(?:may not|cannot) (?:be )?change|may not be (?:updated|modified)|updates to .* are forbidden/iu;

/** True when the object cannot become what is desired by a change, but perhaps by being created anew. */
export function isImmutable(error: unknown): error is MooringError {
  return isMooringError(error, "KUBE_INVALID") && changeForbidden.test(error.message);
}

/** True when a sync deletes the object and creates it anew, because it cannot be changed and Force=true says so. */
export function isCreatedAnew(
  refusal: unknown,
  { key, desired }: { readonly key: ObjectKey; readonly desired: KubeObject },
  { forces }: { readonly forces: boolean },
): boolean {
  return isImmutable(refusal) && !isContainerKey(key) && (viewSyncOptions(desired).force ?? forces);
}

/**
 * Deletes an object and creates it as desired. Nothing is deleted before the server has said that it would take the new one;
 * from the deletion on only the end of the process stops it, and when the creation fails the old object is put back: an object
 * that is deleted and not created is lost. Throws MooringError with a `KUBE_` code, or SYNC_FAILED when finalizers hold the old one.
 */
export async function recreate(
  action: ApplyAction,
  ref: ObjectRef,
  context: RecreateContext,
): Promise<KubeObject> {
  const { cluster, write, shutdown, live } = context;
  await checkCreation(action, ref, context);
  // A dry run can only say what the change would do; that the object is created anew is in the plan.
  if (write.dryRun === true) return live ?? create(action, ref, context);
  write.signal.throwIfAborted();
  const removed = await removeAndAwait(ref, { cluster, clock: context.clock, signal: shutdown });
  const unstoppable = { ...context, write: { ...write, signal: shutdown } };
  try {
    return await create(action, ref, unstoppable);
  } catch (error) {
    throw await putBack(removed, ref, { ...unstoppable, failure: error });
  }
}

async function create(
  { mode, desired }: ApplyAction,
  { type }: ObjectRef,
  { cluster, write }: RecreateContext,
): Promise<KubeObject> {
  return mode === "apply"
    ? cluster.apply(type, desired, { ...write, force: true })
    : cluster.create(type, desired, write);
}

/** That the name is taken is the last thing the server finds: whatever else it has against the object it says instead. */
async function checkCreation(
  { desired }: ApplyAction,
  { type }: ObjectRef,
  { cluster, write }: RecreateContext,
): Promise<void> {
  try {
    await cluster.create(type, withoutAllocations(desired), { ...write, dryRun: true });
  } catch (error) {
    if (!isMooringError(error, "KUBE_EXISTS")) throw error;
  }
}

/** A Service without the address and the ports that the one that lives has taken. */
function withoutAllocations(desired: KubeObject): KubeObject {
  const { spec } = desired;
  if (desired.apiVersion !== "v1" || desired.kind !== "Service" || !isJsonObject(spec)) return desired;
  const addresses = spec["clusterIP"] === "None" ? [] : ["clusterIP", "clusterIPs"];
  const free = without(spec, ["healthCheckNodePort", ...addresses]);
  if (spec["ports"] === undefined) return { ...desired, spec: free };
  const ports = viewArray(spec, "ports").map((port) =>
    isJsonObject(port) ? without(port, ["nodePort"]) : port,
  );
  return { ...desired, spec: { ...free, ports } };
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

interface PutBack extends RecreateContext {
  readonly failure: unknown;
}

/** The error to throw: the failure, with what became of the object. */
async function putBack(
  removed: KubeObject | undefined,
  { type }: ObjectRef,
  { cluster, write, failure }: PutBack,
): Promise<unknown> {
  if (!isMooringError(failure) || removed === undefined || failure.code === "KUBE_EXISTS") return failure;
  if (type.group === "batch" && type.kind === "Job") {
    return withFate(failure, "the old Job is deleted and was not put back, because it would run again");
  }
  try {
    await cluster.create(type, asNew(removed), { fieldManager: write.fieldManager, signal: write.signal });
  } catch (error) {
    if (!isMooringError(error)) throw error;
    if (error.code === "KUBE_EXISTS") return failure;
    return withFate(failure, `the old object is deleted and could not be put back: ${error.message}`);
  }
  return withFate(failure, "the old object was put back");
}

function withFate(failure: MooringError, fate: string): MooringError {
  return new MooringError(failure.code, `${failure.message}; ${fate}`, {
    cause: failure,
    ...(failure.key === undefined ? {} : { key: failure.key }),
  });
}

const deletionFinalizers = ["foregroundDeletion", "orphan"];
const givenByServer = [
  "uid",
  "resourceVersion",
  "managedFields",
  "creationTimestamp",
  "generation",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];

/** An object that was read, as it can be created. */
function asNew(object: KubeObject): KubeObject {
  const finalizers = (object.metadata.finalizers ?? []).filter((one) => !deletionFinalizers.includes(one));
  return { ...object, metadata: { ...without(object.metadata, givenByServer), finalizers } };
}

const lostWith: Readonly<Record<string, string>> = {
  Namespace: "the objects in it",
  CustomResourceDefinition: "the objects of its kind",
};

const usualAdvice = "; restore the old value";

/** Says of an immutable field of an object that is never deleted to be created again what else can be done. */
export function explainKept({ key }: ApplyAction, refusal: MooringError): MooringError {
  const { kind } = parseObjectKey(key);
  // Of a claim the server prints the whole difference, over many lines.
  const [what = ""] = refusal.message.split(usualAdvice)[0]?.split("\n") ?? [];
  const lost = lostWith[kind] ?? "its data";
  return new MooringError(
    "KUBE_INVALID",
    `${what}${usualAdvice}; Force=true never deletes a ${kind}, because ${lost} would go with it`,
    { key, cause: refusal },
  );
}
