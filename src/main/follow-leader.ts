import { leaseType } from "#engine/leader/leader.ts";
import { internalAddressAnnotation } from "#engine/leader/lease.ts";
import { stackOf } from "#core/errors/index.ts";
import { viewString } from "#core/object/index.ts";
import type { Leader } from "#peers/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";

export interface FollowLeaderOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The Lease by which controllers agree who leads. */
export const controllerLease = "mooring-controller";

/** Where the controller that leads says that it is asked, by a watch of its Lease; while the hub does not answer, the last known place. */
export function followLeader({ cluster, namespace, log, signal }: FollowLeaderOptions): Leader {
  let address: string | undefined;
  const listeners = new Set<() => void>();
  const move = (found: string | undefined): void => {
    if (found === address) return;
    address = found;
    log.info("the controller that leads has moved", { address: found });
    for (const listener of listeners) listener();
  };
  const run = async (): Promise<void> => {
    const options = { namespace, fieldSelector: `metadata.name=${controllerLease}`, signal };
    for await (const event of cluster.watch(leaseType, options)) {
      if (event.type === "applied")
        move(viewString(event.object, "metadata", "annotations", internalAddressAnnotation));
      if (event.type === "deleted") move(undefined);
    }
  };
  run().catch((error: unknown) => {
    if (!signal.aborted)
      log.error("the controller that leads is not followed any more", { error: stackOf(error) });
  });
  return {
    address: () => address,
    onMove: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
