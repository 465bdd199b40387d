import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { startDeadline } from "#runtime/deadline.ts";
import type { Log } from "#runtime/log.ts";
import { claimedLease, viewLease } from "./lease.ts";

export interface LeaderOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly name: string;
  /** Must be unique among the running replicas; the same identity takes its own lease back at once after a crash. */
  readonly identity: string;
  readonly durationSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

interface Observed {
  readonly renewTime: string;
  readonly holder: string;
  readonly seenMs: number;
}

const fieldManager = "mooring-controller";
const leaseType: ObjectRef["type"] = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
  verbs: [],
  shortNames: [],
};

interface Claim {
  /** `changed`: it was written by somebody else while we read it, which may have been our own write whose answer was lost. */
  readonly outcome: "led" | "other-leads" | "changed";
  readonly observed: Observed | undefined;
}

/** Writes the lease when it is free, ours, or expired by our own clock since we first saw it unchanged. */
async function tryClaim(options: LeaderOptions, observed: Observed | undefined): Promise<Claim> {
  const { cluster, clock, identity, signal } = options;
  const ref: ObjectRef = { type: leaseType, namespace: options.namespace, name: options.name };
  const lease = await cluster.read(ref, signal);
  const seen = lease === undefined ? undefined : observe(lease, observed, clock.now());
  if (lease !== undefined && seen !== undefined && seen.holder !== "" && seen.holder !== identity) {
    const expired = clock.now() - seen.seenMs > viewLease(lease).durationSeconds * 1000;
    if (!expired) return { outcome: "other-leads", observed: seen };
  }
  const claim = claimedLease({ ...options, nowMs: clock.now() }, lease);
  try {
    const write = { fieldManager, signal };
    if (lease === undefined) await cluster.create(leaseType, claim, write);
    else await cluster.replace(leaseType, claim, write);
    return { outcome: "led", observed: undefined };
  } catch (error) {
    if (isMooringError(error, "KUBE_CONFLICT") || isMooringError(error, "KUBE_EXISTS")) {
      return { outcome: "changed", observed: seen };
    }
    throw error;
  }
}

function observe(lease: KubeObject, before: Observed | undefined, nowMs: number): Observed {
  const { holder, renewTime } = viewLease(lease);
  if (before !== undefined && before.holder === holder && before.renewTime === renewTime) return before;
  return { holder, renewTime, seenMs: nowMs };
}

/**
 * Leader election on a Lease, by the rules of Kubernetes' client-go: clocks of two machines are never compared. Runs `lead`
 * while the lease is held; aborts it when renewal fails for two thirds of the lease's duration. Resolves when the signal aborts.
 */
export async function runAsLeader(
  options: LeaderOptions,
  lead: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { clock, log, signal } = options;
  const { periodMs, deadlineMs } = timesOf(options);
  let observed: Observed | undefined;
  while (!signal.aborted) {
    try {
      const askedMs = clock.now();
      const claimed = await tryClaim(options, observed);
      observed = claimed.observed;
      // The lease counts from when it was written: a claim that was answered late may have run out by now.
      if (claimed.outcome === "led" && clock.now() - askedMs < deadlineMs) {
        log.info("leading", { identity: options.identity, lease: options.name });
        await leadUntilLost(options, lead, askedMs);
        log.info("no longer leading", { identity: options.identity, lease: options.name });
      } else {
        await clock.sleep(periodMs, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isMooringError(error)) throw error;
      log.warn("lease cannot be claimed", { lease: options.name, error: error.message });
      await clock.sleep(periodMs, signal).catch((slept: unknown) => {
        if (!signal.aborted) throw slept;
      });
    }
  }
}

async function leadUntilLost(
  options: LeaderOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  claimedMs: number,
): Promise<void> {
  // A plain signal: it is asked at every step of the controller, and a composite one looks through its sources each time.
  const lost = new AbortController();
  const stop = () => lost.abort(options.signal.reason);
  if (options.signal.aborted) stop();
  options.signal.addEventListener("abort", stop, { once: true });
  const { signal } = lost;
  const renewal = renewUntilLost(options, signal, claimedMs).finally(() => lost.abort());
  try {
    await lead(signal);
  } finally {
    options.signal.removeEventListener("abort", stop);
    lost.abort();
    await renewal;
  }
}

/** How often the lease is renewed, and after how long without that nobody may go on leading. */
function timesOf({ durationSeconds }: LeaderOptions): {
  readonly periodMs: number;
  readonly deadlineMs: number;
} {
  return { periodMs: (durationSeconds * 1000) / 5, deadlineMs: (durationSeconds * 1000 * 2) / 3 };
}

async function renewUntilLost(options: LeaderOptions, signal: AbortSignal, claimedMs: number): Promise<void> {
  const { clock, log } = options;
  const { periodMs, deadlineMs } = timesOf(options);
  // When the last renewal that was carried out was asked for: others count from a moment after that.
  let renewedMs = claimedMs;
  const leftMs = (): number => renewedMs + deadlineMs - clock.now();
  while (!signal.aborted) {
    try {
      await clock.sleep(Math.max(0, Math.min(periodMs, leftMs())), signal);
      if (leftMs() <= 0) return;
      const askedMs = clock.now();
      // A renewal that hangs is one that failed: another replica may lead by now.
      using bounded = startDeadline(signal, leftMs(), clock);
      const { outcome } = await tryClaim({ ...options, signal: bounded.signal }, undefined);
      if (outcome === "other-leads") return;
      // A write that came between says nothing about who leads: the lease is read again.
      if (outcome === "led") renewedMs = askedMs;
    } catch (error) {
      if (signal.aborted) return;
      log.warn("lease cannot be renewed", {
        lease: options.name,
        error: error instanceof Error ? error.message : String(error),
      });
    }
    if (leftMs() <= 0) return;
  }
}
