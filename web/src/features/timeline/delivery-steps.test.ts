import { describe, expect, it } from "vitest";
import { outcomeOf, slowestOf, spansOf } from "./delivery-steps.ts";

const at = (second: number): string => new Date(1_700_000_000_000 + second * 1_000).toISOString();

describe("the way of a revision", () => {
  it("is what each step took since the one before", () => {
    const delivery = { seen: at(3), rendered: at(4), started: at(4), applied: at(9), healthy: at(39) };
    const spans = spansOf(delivery, at(0));
    expect(spans).toEqual([
      { step: "seen", ms: 3_000 },
      { step: "rendered", ms: 1_000 },
      { step: "started", ms: 0 },
      { step: "applied", ms: 5_000 },
      { step: "healthy", ms: 30_000 },
    ]);
    expect(slowestOf(spans)?.step).toBe("healthy");
  });

  it("counts no step back in time, where a time was rounded down", () => {
    const spans = spansOf({ seen: at(3.9), rendered: at(4.2), started: at(4), applied: at(4) }, at(3));
    expect(spans.map(({ ms }) => ms)).toEqual([900, 300, 0, 0]);
  });

  it("leaves out what has not come to pass, and the commit where nobody knows it", () => {
    expect(spansOf({ seen: at(1), rendered: at(2) }, undefined)).toEqual([{ step: "rendered", ms: 1_000 }]);
    expect(spansOf({}, undefined)).toEqual([]);
  });

  it("says how far it came", () => {
    expect(outcomeOf({ seen: at(1) })).toBe("waiting");
    expect(outcomeOf({ applied: at(1) })).toBe("applied");
    expect(outcomeOf({ applied: at(1), failed: at(2) })).toBe("failed");
    expect(outcomeOf({ failed: at(1), applied: at(2), healthy: at(3) })).toBe("healthy");
  });
});
