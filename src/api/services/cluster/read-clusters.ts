import type { ClusterRecord } from "#core/cluster/index.ts";
import { messageOf } from "#core/errors/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ClusterQuery } from "../../contract/gen/argocd/cluster_pb.ts";
import type { ClusterList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { clusterPolicyName, findCluster, withoutSlash } from "./find-cluster.ts";
import type { ClusterShape, ClusterState } from "./present-cluster.ts";
import { presentCluster } from "./present-cluster.ts";

const askedAtOnce = 8;
/** A cluster that does not answer must not hold up the list of the others. */
const timeoutMs = 3_000;

/** Clusters that the caller may see. */
export async function list(
  context: ApiContext,
  { server = "", name = "" }: ShapeOf<ClusterQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ClusterList>> {
  caller.needsNoPermission();
  const records = context
    .config()
    .clusters.filter(
      (one) =>
        (server === "" || one.server === withoutSlash(server)) &&
        (name === "" || one.name === name) &&
        caller.may({ resource: "clusters", action: "get", object: clusterPolicyName(one) }),
    );
  const items = await mapLimit(records, askedAtOnce, async (record) =>
    presentCluster(record, context, await ask(record, context, { signal })),
  );
  return { metadata: {}, items };
}

/** One cluster by server or by name. */
export async function get(
  context: ApiContext,
  query: ShapeOf<ClusterQuery>,
  { caller, signal }: ApiCall,
): Promise<ClusterShape> {
  const record = findCluster(context, query, { caller, action: "get" });
  return presentCluster(record, context, await ask(record, context, { signal }));
}

/** Asks a cluster for its version, and with `refresh` for the kinds that it has. That it does not answer is what it is like. */
export async function ask(
  record: ClusterRecord,
  { targets, clock }: ApiContext,
  { signal, refresh = false }: { readonly signal: AbortSignal; readonly refresh?: boolean },
): Promise<ClusterState> {
  const askedAt = formatTime(clock.now());
  const late = new AbortController();
  using _timer = clock.after(timeoutMs, () => late.abort());
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const cluster = targets.clusterOf(record);
    if (refresh) await cluster.discover(either, { refresh });
    const { gitVersion } = await cluster.readVersion(either);
    return { version: gitVersion.replace(/^v/u, ""), failure: undefined, askedAt };
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = late.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : messageOf(error);
    return { version: "", failure, askedAt };
  }
}

/** Reads everything of a cluster anew. What is known of a cluster follows from watches: nothing is older than the last event. */
export async function invalidateCache(
  context: ApiContext,
  query: ShapeOf<ClusterQuery>,
  { caller, signal }: ApiCall,
): Promise<ClusterShape> {
  const record = findCluster(context, query, { caller, action: "update" });
  return presentCluster(record, context, await ask(record, context, { signal, refresh: true }));
}
