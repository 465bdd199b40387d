import type { AppKey } from "#core/app/index.ts";
import { appKeyOf, deletionStageOf, formatAppKey } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { annotationKey, parseTrackingId, viewSyncOptions, viewSyncWave } from "#core/tracking/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { mayDepend } from "../dependencies/may-depend.ts";
import type { Deletion } from "./deletion.ts";
import { requestedAtMs } from "./deletion.ts";

/** Whoever deletes several applications at once does it within this time. */
const togetherMs = 2_000;
/** After that the deletion goes on: one that hangs must not keep all others. */
const longestMs = 10 * 60_000;

export interface DeletionTurn {
  /** What is waited for. */
  readonly message: string;
  /** When it is to be looked at again at the latest. */
  readonly atMs: number;
}

/**
 * What a deletion waits for before it begins: the applications that depend on this one go first, when they go, too. Undefined when it is its
 * turn.
 */
export function awaitTurn({ app, deps }: Deletion): DeletionTurn | undefined {
  const key = appKeyOf(app);
  const { hub, dependencies, adapters } = deps;
  const sinceMs = requestedAtMs(app);
  const nowMs = adapters.clock.now();
  const untilMs = sinceMs + longestMs;
  if (nowMs >= untilMs) return undefined;
  const around: readonly AppKey[] = dependencies.cycleOf(key) ?? [];
  const dependents = [...dependencies.dependentsOf(key)].flatMap((one) => {
    const found = hub.applications.get(one);
    const counts = found !== undefined && !around.includes(one) && mayDepend(found, app, hub);
    return counts ? [found] : [];
  });
  const going = dependents.filter((one) => isGoing(one) || goesWith(one, app, deps));
  const [first] = going;
  if (first !== undefined) {
    const more = going.length === 1 ? "" : ` and of ${going.length - 1} more`;
    const message = `the deletion of ${formatAppKey(appKeyOf(first))}${more}, which depends on it, until ${formatTime(untilMs)} at the latest`;
    return { message, atMs: untilMs };
  }
  // Others may be deleted with it, one after the other.
  // A clock that is behind the API server's would wait until it has caught up.
  const isEarly = dependents.length > 0 && nowMs >= sinceMs && nowMs < sinceMs + togetherMs;
  return isEarly ? { message: "others that are deleted with it", atMs: sinceMs + togetherMs } : undefined;
}

/** It is being deleted, and there is something to do before it is gone. */
function isGoing({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && deletionStageOf(metadata.finalizers ?? []) !== undefined;
}

/** It is not being deleted yet, but an application that is has both, and takes this one first or with the other. */
function goesWith(one: KubeObject, other: KubeObject, { hub }: Deletion["deps"]): boolean {
  if (one.metadata.deletionTimestamp !== undefined) return false;
  const [parent, ofOther] = [parentOf(one), parentOf(other)];
  if (parent === undefined || parent !== ofOther) return false;
  const at = parent.indexOf("_");
  const key = at < 0 ? `${hub.namespace}/${parent}` : `${parent.slice(0, at)}/${parent.slice(at + 1)}`;
  const found = hub.applications.get(key);
  if (found === undefined || !isGoing(found)) return false;
  return viewSyncOptions(one).delete === "allowed" && viewSyncWave(one) >= viewSyncWave(other);
}

/** The instance name of the application that an Application is an object of. */
function parentOf({ metadata }: KubeObject): string | undefined {
  return parseTrackingId(metadata.annotations?.[annotationKey.trackingId] ?? "")?.app;
}
