import type { Delivery } from "./delivery.ts";

/** How long after a delivery a failure of the application is taken for its doing. */
const verificationMs = 600_000;
/** Of fewer deliveries a figure says little. */
const fewDeliveries = 10;

interface Window {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** What was measured of one application's deliveries in a window; measurements of several are joined by `joinMeasured`. */
export interface Measured {
  /** Deliveries that began in the window and ended, well or not. */
  readonly deliveries: number;
  /** Those of them that were applied. */
  readonly deployments: number;
  /** From the commit to healthy. */
  readonly leadTimesMs: readonly number[];
  readonly failures: number;
  /** From a failure to healthy. */
  readonly restoreTimesMs: readonly number[];
  /** Failures after which nothing was healthy yet. */
  readonly open: number;
}

/** The four figures; undefined where there is nothing to tell one from. */
export interface Figures {
  readonly deliveries: number;
  readonly deployments: number;
  readonly deploymentsPerDay: number;
  readonly leadTime: Spread | undefined;
  readonly failures: number;
  readonly failureRate: number | undefined;
  readonly restoreTime: Spread | undefined;
  readonly open: number;
  /** So few deliveries that the figures say little. */
  readonly isSmall: boolean;
}

interface Spread {
  readonly count: number;
  readonly medianMs: number;
  /** Nine of ten were not longer. */
  readonly p90Ms: number;
}

const nothing: Measured = {
  deliveries: 0,
  deployments: 0,
  leadTimesMs: [],
  failures: 0,
  restoreTimesMs: [],
  open: 0,
};

/**
 * Measures what DORA calls the performance of software delivery (https://dora.dev/guides/dora-metrics-four-keys/), from the deliveries of one
 * application; of those that began in the same second, the newest come first:
 *
 * - **A delivery counts** when its sync began in the window and changed something. Not counted are the first of an application, which
 *   installs it, rollbacks, which restore, and syncs that changed nothing; corrections of drift are no deliveries.
 * - **Lead time for changes**: from when the newest commit that it brought was written until the application was healthy with it.
 * - **Deployment frequency**: deliveries that were applied, by the days of the window.
 * - **Change failure rate**: the part of the deliveries whose sync failed, after which the application was Degraded within ten minutes, or
 *   that were rolled back.
 * - **Time to restore**: from a failure until the application was healthy next, with the same delivery or a later one. Deliveries that fail
 *   until then belong to the same outage, which is measured from its first failure.
 */
export function measure(deliveries: readonly Delivery[], { sinceMs, untilMs }: Window): Measured {
  const ordered = deliveries
    .filter((one) => isBegun(one))
    .toReversed()
    .toSorted((a, b) => beganMs(a) - beganMs(b));
  const counted = ordered.filter(
    (one) =>
      beganMs(one) >= sinceMs &&
      beganMs(one) < untilMs &&
      one.previous !== "" &&
      one.isRollback !== true &&
      one.changes !== 0,
  );
  const rolledBack = findRolledBack(ordered);
  const failures = counted.flatMap((one) => {
    const atMs = failureMs(one, rolledBack.get(one));
    return atMs === undefined ? [] : [{ delivery: one, atMs }];
  });
  const outages = joinOutages(
    failures.map(({ atMs }) => ({ atMs, healthyMs: nextHealthyMs(ordered, atMs) })),
  );
  return {
    deliveries: counted.length,
    deployments: counted.filter(({ appliedMs }) => appliedMs !== undefined).length,
    leadTimesMs: counted.flatMap(({ committedMs, healthyMs }) =>
      committedMs === undefined || healthyMs === undefined ? [] : [Math.max(0, healthyMs - committedMs)],
    ),
    failures: failures.length,
    restoreTimesMs: outages.flatMap(({ atMs, healthyMs }) =>
      healthyMs === undefined ? [] : [healthyMs - atMs],
    ),
    open: outages.filter(({ healthyMs }) => healthyMs === undefined).length,
  };
}

/** What was measured of several applications, as if of one. */
export function joinMeasured(parts: readonly Measured[]): Measured {
  const sum = (of: (part: Measured) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    ...nothing,
    deliveries: sum(({ deliveries }) => deliveries),
    deployments: sum(({ deployments }) => deployments),
    failures: sum(({ failures }) => failures),
    open: sum(({ open }) => open),
    leadTimesMs: parts.flatMap(({ leadTimesMs }) => leadTimesMs),
    restoreTimesMs: parts.flatMap(({ restoreTimesMs }) => restoreTimesMs),
  };
}

export function figuresOf(measured: Measured, { sinceMs, untilMs }: Window): Figures {
  const { deliveries, deployments, failures, open, leadTimesMs, restoreTimesMs } = measured;
  const days = Math.max(1, untilMs - sinceMs) / 86_400_000;
  return {
    deliveries,
    deployments,
    deploymentsPerDay: deployments / days,
    leadTime: spreadOf(leadTimesMs),
    failures,
    failureRate: deliveries === 0 ? undefined : failures / deliveries,
    restoreTime: spreadOf(restoreTimesMs),
    open,
    isSmall: deliveries < fewDeliveries,
  };
}

function isBegun({ startedMs, appliedMs, failedMs }: Delivery): boolean {
  return startedMs !== undefined || appliedMs !== undefined || failedMs !== undefined;
}

function beganMs({ startedMs, appliedMs, failedMs }: Delivery): number {
  return startedMs ?? appliedMs ?? failedMs ?? 0;
}

/** When each delivery was rolled back: those since what a rollback brought back was deployed. */
function findRolledBack(ordered: readonly Delivery[]): ReadonlyMap<Delivery, number> {
  const found = new Map<Delivery, number>();
  for (const [at, back] of ordered.entries()) {
    if (back.isRollback !== true) continue;
    const before = ordered.slice(0, at);
    const target = before.findLastIndex(({ revision }) => revision === back.revision);
    // Of what it went back to nothing may be known any more: then only what it replaced was undone for sure.
    for (const undone of target < 0 ? before.slice(-1) : before.slice(target + 1))
      if (undone.isRollback !== true && !found.has(undone)) found.set(undone, beganMs(back));
  }
  return found;
}

function failureMs(delivery: Delivery, rolledBackMs: number | undefined): number | undefined {
  const { failedMs, degradedMs, appliedMs } = delivery;
  const isItsDoing =
    degradedMs !== undefined && appliedMs !== undefined && degradedMs - appliedMs <= verificationMs;
  // A sync of what runs already that fails later is no failure of the change.
  const hasFailed = failedMs !== undefined && (appliedMs === undefined || failedMs <= appliedMs);
  const times = [hasFailed ? failedMs : undefined, isItsDoing ? degradedMs : undefined, rolledBackMs];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** When the application was healthy next after a failure. */
function nextHealthyMs(ordered: readonly Delivery[], afterMs: number): number | undefined {
  const times = ordered
    .flatMap(({ healthyMs, restoredMs }) => [healthyMs, restoredMs])
    .filter((time) => time !== undefined && time > afterMs);
  return times.length === 0 ? undefined : Math.min(...(times as readonly number[]));
}

interface Outage {
  readonly atMs: number;
  readonly healthyMs: number | undefined;
}

/** Failures that the same moment ended are one outage. */
function joinOutages(failures: readonly Outage[]): readonly Outage[] {
  const byEnd = new Map<number | undefined, Outage>();
  for (const one of failures) {
    const known = byEnd.get(one.healthyMs);
    if (known === undefined || one.atMs < known.atMs) byEnd.set(one.healthyMs, one);
  }
  return [...byEnd.values()];
}

function spreadOf(times: readonly number[]): Spread | undefined {
  if (times.length === 0) return undefined;
  const sorted = times.toSorted((a, b) => a - b);
  return { count: sorted.length, medianMs: rankOf(sorted, 0.5), p90Ms: rankOf(sorted, 0.9) };
}

/** The smallest of which this part is not larger. */
function rankOf(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}
