import type { ApplicationStatus } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";

/** So many seconds' worth of writes go out at once before the pace begins. */
const burstSeconds = 4;

/**
 * Hands out moments for writes that nobody waits for: a commit in a repository of 5,000 applications moves the revision in all of their
 * statuses, and writing them at once would keep the API server busy for everybody else (ADR 13).
 */
export class StatusPace {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, writesPerSecond: number) {
    this.#clock = clock;
    this.#intervalMs = 1_000 / writesPerSecond;
  }

  /** The moment of the next write, in Unix milliseconds; it may have passed already. */
  reserve(): number {
    const earliest = this.#clock.now() - burstSeconds * 1_000;
    this.#nextMs = Math.max(this.#nextMs, earliest) + this.#intervalMs;
    return this.#nextMs;
  }
}

/** True when the two differ in nothing but the revision that the application was compared with. */
export function onlyRevisionMoved(before: ApplicationStatus, after: ApplicationStatus): boolean {
  if (before.sync?.revision === undefined && before.sync?.revisions === undefined) return false;
  const same = jsonEqual(withoutRevision(before), withoutRevision(after));
  return same && !jsonEqual(before as JsonObject, after as JsonObject);
}

function withoutRevision(status: ApplicationStatus): JsonObject {
  const { revision: _revision, revisions: _revisions, ...sync } = status.sync ?? {};
  const { reconciledAt: _reconciledAt, ...rest } = status;
  return { ...rest, sync } as JsonObject;
}
