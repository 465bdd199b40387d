import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { startDeadline } from "#runtime/deadline.ts";
import type { Log } from "#runtime/log.ts";
import { claimedLease, givenBackLease, viewLease } from "./lease.ts";

export interface LeaderOptions {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly name: string;
  /** Must be unique among the running replicas; the same identity takes its own lease back at once after a crash. */
  readonly identity: string;
  readonly durationSeconds: number;
  readonly clock: Clock;
  /** Milliseconds of a clock that is never set, by which durations are told. */
  readonly elapsedMs: () => number;
  readonly log: Log;
  /** Where servers ask this replica while it leads; undefined when they cannot. */
  readonly address?: () => string | undefined;
  /** Gives the lease back when the signal aborts and all has ended, so that nobody waits for it to run out. */
  readonly givesBack?: boolean;
  /** Told each time that somebody else is found to hold it. */
  readonly onHeldByOther?: (holder: string) => void;
  /** Told each time that it cannot be claimed, for whoever will not try on and on. */
  readonly onClaimFailed?: (error: Error) => void;
  readonly signal: AbortSignal;
}

interface Observed {
  readonly renewTime: string;
  readonly holder: string;
  readonly seenMs: number;
}

const fieldManager = "mooring-controller";
export const leaseType: ObjectRef["type"] = {
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
  /** The lease as we wrote it, if we did. */
  readonly held: KubeObject | undefined;
}

/** Writes the lease when it is free, ours, or expired by our own clock since we first saw it unchanged. */
async function tryClaim(options: LeaderOptions, observed: Observed | undefined): Promise<Claim> {
  const { cluster, elapsedMs, identity, signal } = options;
  const ref: ObjectRef = { type: leaseType, namespace: options.namespace, name: options.name };
  const lease = await cluster.read(ref, signal);
  const seen = lease === undefined ? undefined : observe(lease, observed, elapsedMs());
  if (lease !== undefined && seen !== undefined && seen.holder !== "" && seen.holder !== identity) {
    const expired = elapsedMs() - seen.seenMs > viewLease(lease).durationSeconds * 1000;
    if (!expired) {
      options.onHeldByOther?.(seen.holder);
      return { outcome: "other-leads", observed: seen, held: undefined };
    }
  }
  const held = await writeClaim(options, lease);
  return held === undefined
    ? { outcome: "changed", observed: seen, held }
    : { outcome: "led", observed: undefined, held };
}

/** The lease as it is now ours; undefined when it is not the `previous` one any more. */
async function writeClaim(
  options: LeaderOptions,
  previous: KubeObject | undefined,
): Promise<KubeObject | undefined> {
  const { cluster, clock, signal } = options;
  const claim = claimedLease({ ...options, nowMs: clock.now(), address: options.address?.() }, previous);
  const write = { fieldManager, signal };
  try {
    return previous === undefined
      ? await cluster.create(leaseType, claim, write)
      : await cluster.replace(leaseType, claim, write);
  } catch (error) {
    if (isMooringError(error, "KUBE_CONFLICT") || isMooringError(error, "KUBE_EXISTS")) return undefined;
    throw error;
  }
}

/** Writes over the lease that we wrote last without reading it first: when it is another one by now, that is refused, and it is read. */
async function tryRenew(options: LeaderOptions, held: KubeObject | undefined): Promise<Claim> {
  const renewed = held === undefined ? undefined : await writeClaim(options, held);
  if (renewed !== undefined) return { outcome: "led", observed: undefined, held: renewed };
  return tryClaim(options, undefined);
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
  const { clock, elapsedMs, log, signal } = options;
  const { periodMs, deadlineMs } = timesOf(options);
  let observed: Observed | undefined;
  while (!signal.aborted) {
    try {
      const askedMs = elapsedMs();
      const claimed = await tryClaim(options, observed);
      observed = claimed.observed;
      // The lease counts from when it was written: a claim that was answered late may have run out by now.
      if (claimed.outcome === "led" && elapsedMs() - askedMs < deadlineMs) {
        log.info("leading", { identity: options.identity, lease: options.name });
        const held = await leadUntilLost(options, lead, { claimedMs: askedMs, held: claimed.held });
        log.info("no longer leading", { identity: options.identity, lease: options.name });
        await giveBackAtEnd(options, held);
      } else {
        await clock.sleep(periodMs, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isMooringError(error)) throw error;
      log.warn("lease cannot be claimed", { lease: options.name, error: error.message });
      options.onClaimFailed?.(error);
      await clock.sleep(periodMs, signal).catch((slept: unknown) => {
        if (!signal.aborted) throw slept;
      });
    }
  }
}

interface Held {
  /** When the claim was asked for. */
  readonly claimedMs: number;
  readonly held: KubeObject | undefined;
}

async function leadUntilLost(
  options: LeaderOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  claimed: Held,
): Promise<KubeObject | undefined> {
  // A plain signal: it is asked at every step of the controller, and a composite one looks through its sources each time.
  const lost = new AbortController();
  const stop = () => lost.abort(options.signal.reason);
  if (options.signal.aborted) stop();
  options.signal.addEventListener("abort", stop, { once: true });
  const { signal } = lost;
  const renewal = renewUntilLost(options, signal, claimed).finally(() => lost.abort());
  try {
    await lead(signal);
  } finally {
    options.signal.removeEventListener("abort", stop);
    lost.abort();
    await renewal;
  }
  return renewal;
}

const giveBackMs = 2_000;

/** When another one has written the lease, or it cannot be written, it runs out by itself. */
async function giveBackAtEnd(options: LeaderOptions, held: KubeObject | undefined): Promise<void> {
  const { cluster, clock, log, signal, givesBack = false } = options;
  if (!signal.aborted || !givesBack || held === undefined) return;
  using deadline = startDeadline(new AbortController().signal, giveBackMs, clock);
  try {
    const write = { fieldManager, signal: deadline.signal };
    await cluster.replace(leaseType, givenBackLease(held, clock.now()), write);
  } catch (error) {
    if (!isMooringError(error) && !isAbortError(error)) throw error;
    log.warn("lease cannot be given back, so the next one waits until it runs out", {
      lease: options.name,
      error: messageOf(error),
    });
  }
}

/** How often the lease is renewed, and after how long without that nobody may go on leading. */
function timesOf({ durationSeconds }: LeaderOptions): {
  readonly periodMs: number;
  readonly deadlineMs: number;
} {
  return { periodMs: (durationSeconds * 1000) / 5, deadlineMs: (durationSeconds * 1000 * 2) / 3 };
}

/** The lease as it was written last; undefined when that is not known, or another one's. */
async function renewUntilLost(
  options: LeaderOptions,
  signal: AbortSignal,
  claimed: Held,
): Promise<KubeObject | undefined> {
  const { clock, elapsedMs, log } = options;
  const { periodMs, deadlineMs } = timesOf(options);
  // When the last renewal that was carried out was asked for: others count from a moment after that.
  let renewedMs = claimed.claimedMs;
  let { held } = claimed;
  const leftMs = (): number => renewedMs + deadlineMs - elapsedMs();
  while (!signal.aborted) {
    try {
      await clock.sleep(Math.max(0, Math.min(periodMs, leftMs())), signal);
      if (leftMs() <= 0) return undefined;
      const askedMs = elapsedMs();
      // A renewal that hangs is one that failed: another replica may lead by now.
      using bounded = startDeadline(signal, leftMs(), clock);
      const last = held;
      held = undefined;
      const renewal = await tryRenew({ ...options, signal: bounded.signal }, last);
      ({ held } = renewal);
      const { outcome } = renewal;
      if (outcome === "other-leads") return undefined;
      // A write that came between says nothing about who leads: the lease is read again.
      if (outcome === "led") renewedMs = askedMs;
    } catch (error) {
      if (signal.aborted) return held;
      log.warn("lease cannot be renewed", {
        lease: options.name,
        error: error instanceof Error ? error.message : String(error),
      });
    }
    if (leftMs() <= 0) return undefined;
  }
  return held;
}
