import { leaseType } from "#engine/leader/leader.ts";
import { viewLease } from "#engine/leader/lease.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { LeaderState } from "#api/context.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { controllerLease } from "./follow-leader.ts";

interface Where {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
}

/** Reads who leads whenever it is asked. Throws `KUBE_` errors. */
export function leaderReader({ cluster, namespace, clock }: Where) {
  const ref = { type: leaseType, namespace, name: controllerLease };
  return async (signal: AbortSignal): Promise<LeaderState> =>
    leaderOf(await cluster.read(ref, signal), clock.now());
}

/** Whose clock is behind ours may lead so much longer than it seems. */
const graceMs = 5_000;

/** Who leads by a Lease at a moment: whoever holds it, until it has run out. */
export function leaderOf(lease: KubeObject | undefined, nowMs: number): LeaderState {
  if (lease === undefined) return { leads: false, identity: "" };
  const { holder, renewTime, durationSeconds } = viewLease(lease);
  const since = viewString(lease, "spec", "acquireTime");
  const endsMs = Date.parse(renewTime) + durationSeconds * 1_000 + graceMs;
  return {
    leads: holder !== "" && nowMs < endsMs,
    identity: holder,
    ...(holder === "" || since === undefined ? {} : { since }),
    ...(renewTime === "" ? {} : { renewedAt: renewTime }),
  };
}
