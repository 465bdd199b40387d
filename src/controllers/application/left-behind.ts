import { formatObjectKey, parseObjectKey } from "#core/object/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { DeletionOptions } from "#core/sync/index.ts";
import { planDeletion } from "#core/sync/index.ts";
import { findUnreachable } from "#engine/unreachable.ts";
import type { ClaimResult, LiveStore } from "#ports/live-store.ts";
import { mapLimit } from "#runtime/limit.ts";

export interface LeftBehindRequest {
  readonly claimed: ClaimResult;
  readonly live: LiveStore;
  readonly isOurs: (object: KubeObject) => boolean;
  readonly options: DeletionOptions;
  readonly signal: AbortSignal;
}

const readConcurrency = 8;

/**
 * What is not watched and would be deleted if it could be, a sentence for each object that exists, or of which nobody can tell
 * whether it does. Throws the `KUBE_` error of an object that may not be read.
 */
export async function findLeftBehind(request: LeftBehindRequest): Promise<readonly string[]> {
  const { claimed, live, isOurs, options, signal } = request;
  if (claimed.unknown.length === 0) return [];
  // What was read a moment ago may not know yet that an API went down: releasing on that would leave its objects behind.
  const discovery = await live.cluster.discover(signal, { refresh: true });
  const reasons = await findUnreachable(claimed, live, signal);
  const found = await mapLimit([...claimed.unknown], readConcurrency, async (key) => {
    const { group, kind, namespace, name } = parseObjectKey(key);
    const type = discovery.typeOf(group, kind);
    const reason = reasons.get(key);
    if (type === undefined) return reason === undefined ? [] : [reason];
    if (!type.verbs.includes("get")) return [];
    const object = await live.cluster.read({ type, namespace, name }, signal);
    if (object === undefined) return [];
    const plan = planDeletion([{ key, live: object, trackedByUs: isOurs(object) }], options);
    return plan.waves.length === 0 ? [] : [byHand(key, reason)];
  });
  return found.flat();
}

function byHand(key: ObjectKey, reason: string | undefined): string {
  return `${reason ?? `${formatObjectKey(key)}: its kind cannot be watched`}, or delete it by hand`;
}
