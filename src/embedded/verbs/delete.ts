import type { KubeObject, ObjectMeta } from "#core/object/index.ts";
import { jsonEqual, viewObject } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Deleted, DeleteOptions, ListAnswer, Preconditions, Selectors, Target } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { generationOf } from "./generations.ts";
import { listObjects } from "./list.ts";
import { namespaces } from "./namespaces.ts";
import { getObject } from "./read.ts";
import { conflictOfKind } from "./refusals.ts";
import { isReleased, keyOf } from "./store-object.ts";

/** Finalizers by which the garbage collector does what a propagation policy asks for. */
export const foregroundFinalizer = "foregroundDeletion";
export const orphanFinalizer = "orphan";

/** Kinds of which a deletion shows the object that is gone. */
const shown = new Set(["/serviceaccounts", "/services"]);

const pods = "/pods";
const podGraceSeconds = 30;

const jobs = "batch/jobs";
const jobWarning =
  "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

/** DELETE of an object: it goes at once, or is marked and goes when its finalizers and its time of grace are over. */
export function deleteObject(state: ClusterState, target: Target, options: DeleteOptions): Deleted {
  if (target.kind.resource === jobs && options.propagation === undefined) options.warn(jobWarning);
  const { object: live } = getObject(state, target);
  checkPreconditions(target, live, options.preconditions);
  const marked = mark(state, { target, live, options });
  if (options.dryRun) {
    const isGone = isReleased(marked);
    return { object: isGone ? live : marked, gone: isGone && !shown.has(target.kind.resource) };
  }
  const key = keyOf(target, live);
  if (isReleased(marked)) {
    state.store.remove(key, live);
    const metadata = { ...live.metadata, resourceVersion: String(state.store.revision) };
    return { object: { ...live, metadata }, gone: !shown.has(target.kind.resource) };
  }
  if (marked === live) return { object: live, gone: false };
  return { object: state.store.write(key, marked).object, gone: false };
}

function checkPreconditions(target: Target, live: KubeObject, { uid, resourceVersion }: Preconditions): void {
  const { uid: foundUid = "", resourceVersion: foundVersion = "" } = live.metadata;
  if (uid !== undefined && uid !== foundUid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${foundUid}). The object might have been deleted and then recreated`;
    throw conflictOfKind(target, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== foundVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${foundVersion}). The object might have been modified`;
    throw conflictOfKind(target, why);
  }
}

interface Marking {
  readonly target: Target;
  readonly live: KubeObject;
  readonly options: DeleteOptions;
}

/** The live object with the mark of its deletion; the very object when it has the mark already and nothing is new. */
function mark(state: ClusterState, { target, live, options }: Marking): KubeObject {
  const finalizers = finalizersFor(live.metadata, options.propagation ?? defaultOf(target, live.metadata));
  const grace = graceOf(target, live, options);
  const known = live.metadata;
  const isMarked = known.deletionTimestamp !== undefined;
  const isShorter = isMarked && grace < Number(known["deletionGracePeriodSeconds"] ?? 0);
  if (isMarked && !isShorter && jsonEqual(finalizers, known.finalizers ?? [])) return live;
  const { finalizers: _known, ...others } = known;
  const metadata: ObjectMeta = {
    ...others,
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(isMarked && !isShorter ? {} : markOf(state, known, grace)),
  };
  const marked = terminating(target, { ...live, metadata });
  const generation = generationOf(target.kind, marked, live);
  return generation === undefined ? marked : { ...marked, metadata: { ...marked.metadata, generation } };
}

function markOf(state: ClusterState, known: ObjectMeta, grace: number): ObjectMeta {
  const now = state.clock.now();
  return {
    deletionTimestamp: known.deletionTimestamp ?? formatTime(now + grace * 1000),
    deletionGracePeriodSeconds: grace,
  };
}

/** Pods of a Job stay unless somebody says otherwise. */
function defaultOf({ kind }: Target, { finalizers = [] }: ObjectMeta): DeleteOptions["propagation"] {
  const isTold = finalizers.includes(orphanFinalizer) || finalizers.includes(foregroundFinalizer);
  return kind.resource === jobs && !isTold ? "Orphan" : undefined;
}

function finalizersFor(
  { finalizers = [] }: ObjectMeta,
  propagation: DeleteOptions["propagation"],
): readonly string[] {
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((each) => each !== foregroundFinalizer && each !== orphanFinalizer);
  if (propagation === "Foreground") return [...others, foregroundFinalizer];
  return propagation === "Orphan" ? [...others, orphanFinalizer] : others;
}

/** Only pods are given time; one that runs nowhere needs none. */
function graceOf({ kind }: Target, live: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
  if (kind.resource !== pods) return 0;
  const spec = live["spec"] as
    | { readonly nodeName?: string; readonly terminationGracePeriodSeconds?: number }
    | undefined;
  if ((spec?.nodeName ?? "") === "") return 0;
  return Math.max(0, gracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? podGraceSeconds);
}

/** A namespace shows in its phase that it ends. */
function terminating({ kind }: Target, object: KubeObject): KubeObject {
  if (kind.resource !== namespaces) return object;
  return { ...object, status: { ...viewObject(object, "status"), phase: "Terminating" } };
}

/** DELETE of a collection, one object after the other. */
export function deleteObjects(
  state: ClusterState,
  target: Target,
  { selectors, options }: { readonly selectors: Selectors; readonly options: DeleteOptions },
): ListAnswer {
  if (target.kind.resource === jobs && options.propagation === undefined) options.warn(jobWarning);
  const all = listObjects(state, target, {
    ...selectors,
    limit: 0,
    continue: "",
    resourceVersion: "",
    resourceVersionMatch: "",
  });
  for (const { key } of all.items) {
    deleteObject(state, { ...target, namespace: key.namespace, name: key.name }, options);
  }
  return all;
}
