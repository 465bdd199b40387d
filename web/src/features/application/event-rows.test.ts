import { describe, expect, it } from "vitest";
import { eventRows } from "./event-rows.ts";

describe("events", () => {
  it("of the old and the new kind are shown with the newest first", () => {
    const rows = eventRows([
      { reason: "Old", lastTimestamp: "2026-12-01T10:00:00Z", count: 3, source: { component: "kubelet" } },
      {
        reason: "New",
        eventTime: "2026-12-01T09:00:00.000000Z",
        series: { count: 7, lastObservedTime: "2026-12-01T11:00:00.000000Z" },
        reportingComponent: "mooring-controller",
        source: { component: "" },
        type: "Warning",
      },
      { reason: "Bare" },
    ]);
    expect(rows.map(({ reason, count, from }) => [reason, count, from])).toEqual([
      ["New", 7, "mooring-controller"],
      ["Old", 3, "kubelet"],
      ["Bare", 1, ""],
    ]);
    expect(rows[0]?.isWarning).toBe(true);
  });
});
