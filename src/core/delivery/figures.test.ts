import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delivery } from "./delivery.ts";
import { figuresOf, joinMeasured, measure } from "./figures.ts";

const window = { sinceMs: 0, untilMs: 10 * 86_400_000 };
const minute = 60_000;

/** A delivery that began at a time, was applied at once and healthy a minute later, of a commit that is an hour older. */
const delivered = (revision: string, atMs: number, more: Partial<Delivery> = {}): Delivery => ({
  revision,
  previous: "before",
  committedMs: atMs - 60 * minute,
  startedMs: atMs,
  appliedMs: atMs,
  healthyMs: atMs + minute,
  changes: 1,
  ...more,
});

const figures = (...newestFirst: readonly Delivery[]) => figuresOf(measure(newestFirst, window), window);

describe("what counts", () => {
  it("are deliveries that changed something, and neither the first, nor rollbacks, nor those outside of the window", () => {
    const told = figures(
      delivered("late", window.untilMs + 1),
      delivered("e", 5_000_000, { isRollback: true, revision: "b" }),
      delivered("d", 4_000_000, { changes: 0 }),
      delivered("c", 3_000_000, { previous: undefined }),
      delivered("b", 2_000_000),
      delivered("a", 1_000_000, { previous: "" }),
      delivered("old", -1),
    );
    expect(told).toMatchObject({ deliveries: 2, deployments: 2, deploymentsPerDay: 0.2, isSmall: true });
  });

  it("is nothing for an application that nothing was delivered to", () => {
    expect(figures({ revision: "a", seenMs: 5 })).toEqual({
      deliveries: 0,
      deployments: 0,
      deploymentsPerDay: 0,
      leadTime: undefined,
      failures: 0,
      failureRate: undefined,
      restoreTime: undefined,
      open: 0,
      isSmall: true,
    });
  });
});

it("takes the lead time from the commit to healthy, and leaves out what is not healthy yet", () => {
  const told = figures(
    delivered("c", 30_000_000, { healthyMs: undefined }),
    delivered("b", 20_000_000, { committedMs: 20_000_000 - 9 * minute }),
    delivered("a", 10_000_000, { committedMs: 10_000_000 - minute }),
  );
  expect(told.leadTime).toEqual({ count: 2, medianMs: 2 * minute, p90Ms: 10 * minute });
});

describe("a failure", () => {
  it("is a sync that failed before it went through, not one of what had run already", () => {
    const failed = delivered("b", 20_000_000, { failedMs: 19_990_000 });
    const later = delivered("a", 10_000_000, { failedMs: 15_000_000 });
    expect(figures(failed, later)).toMatchObject({ failures: 1, failureRate: 0.5, open: 0 });
  });

  it("is an application that is Degraded within ten minutes, and no later", () => {
    const at = 10_000_000;
    const soon = delivered("a", at, { degradedMs: at + 9 * minute, restoredMs: at + 12 * minute });
    expect(figures(soon)).toMatchObject({ failures: 1, restoreTime: { count: 1, medianMs: 3 * minute } });
    expect(figures(delivered("a", at, { degradedMs: at + 11 * minute }))).toMatchObject({ failures: 0 });
  });

  it("is what was rolled back, until what it went back to is healthy", () => {
    const back = delivered("a", 30_000_000, { isRollback: true });
    const told = figures(
      back,
      delivered("c", 20_000_000),
      delivered("b", 15_000_000),
      delivered("a", 10_000_000),
    );
    expect(told).toMatchObject({ deliveries: 3, failures: 2, restoreTime: { count: 1, medianMs: minute } });
  });

  it("lasts through deliveries that fail too, and is open while nothing is healthy", () => {
    const failing = (revision: string, atMs: number) =>
      delivered(revision, atMs, {
        startedMs: undefined,
        appliedMs: undefined,
        healthyMs: undefined,
        failedMs: atMs,
      });
    const good = delivered("c", 30_000_000);
    const told = figures(good, failing("b", 20_000_000), failing("a", 10_000_000));
    expect(told).toMatchObject({
      failures: 2,
      open: 0,
      restoreTime: { count: 1, medianMs: 20_000_000 + minute },
    });
    expect(figures(failing("b", 20_000_000))).toMatchObject({ failures: 1, open: 1, restoreTime: undefined });
  });
});

describe("for any deliveries", () => {
  const time = fc.option(fc.integer({ min: -1_000, max: 100_000_000 }), { nil: undefined });
  const any = fc.array(
    fc.record({
      revision: fc.constantFrom("a", "b", "c", "d"),
      previous: fc.constantFrom("", "a", undefined),
      committedMs: time,
      startedMs: time,
      appliedMs: time,
      healthyMs: time,
      failedMs: time,
      degradedMs: time,
      restoredMs: time,
      isRollback: fc.boolean(),
      changes: fc.constantFrom(0, 1, undefined),
    }),
    { maxLength: 20 },
  );

  it("rates are parts, times are not negative, and nine of ten is not less than the half", () => {
    fc.assert(
      fc.property(any, (deliveries) => {
        const {
          failureRate = 0,
          leadTime,
          restoreTime,
          ...counts
        } = figuresOf(measure(deliveries, window), window);
        expect(failureRate).toBeGreaterThanOrEqual(0);
        expect(failureRate).toBeLessThanOrEqual(1);
        expect(counts.deployments).toBeLessThanOrEqual(counts.deliveries);
        for (const spread of [leadTime, restoreTime]) {
          if (spread === undefined) continue;
          expect(spread.medianMs).toBeGreaterThanOrEqual(0);
          expect(spread.p90Ms).toBeGreaterThanOrEqual(spread.medianMs);
        }
      }),
    );
  });

  it("what several applications measured is the same in whatever order it is joined", () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), (applications) => {
        const parts = applications.map((deliveries) => measure(deliveries, window));
        const forth = figuresOf(joinMeasured(parts), window);
        expect(figuresOf(joinMeasured(parts.toReversed()), window)).toEqual(forth);
        expect(forth.deliveries).toBe(parts.reduce((sum, { deliveries }) => sum + deliveries, 0));
      }),
    );
  });
});
