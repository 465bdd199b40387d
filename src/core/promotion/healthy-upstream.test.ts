import { expect, it } from "vitest";
import { healthySinceMs, withHealth } from "./healthy-upstream.ts";

const [old, current] = ["a".repeat(40), "b".repeat(40)];
const [first, second, third] = ["2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z", "2026-01-01T00:20:00Z"];

it("a soak goes on while the stage before takes the next commit", () => {
  const passed = withHealth(
    [{ revision: old, at: first }],
    { revision: old, health: "Healthy", healthySince: first },
    second,
  );
  const moved = { revision: current, health: "Progressing", passed } as const;
  expect(healthySinceMs(moved, old)).toBe(Date.parse(first));
  expect(healthySinceMs(moved, current)).toBeUndefined();
  const hold = { revisions: [old], by: "kim", reason: "it loses orders", since: second };
  expect(healthySinceMs({ ...moved, hold }, old)).toBeUndefined();
});

it("what was ill when the stage before moved on does not soak, and what got well soaks since then", () => {
  const ill = withHealth(
    [{ revision: old, at: first, since: first }],
    { revision: old, health: "Degraded" },
    second,
  );
  expect(ill).toEqual([{ revision: old, at: first, since: first, until: second }]);
  expect(healthySinceMs({ revision: current, passed: ill }, old)).toBeUndefined();
  const well = withHealth(ill, { revision: old, health: "Healthy", healthySince: third }, third);
  expect(healthySinceMs({ revision: current, passed: well }, old)).toBe(Date.parse(third));
});

it("a revision that the stage before has now soaks as long as it is healthy there", () => {
  const passed = [{ revision: old, at: first, since: first }];
  const held = { revision: old, healthySince: second, passed } as const;
  expect(healthySinceMs({ ...held, health: "Healthy" }, old)).toBe(Date.parse(second));
  expect(healthySinceMs({ ...held, health: "Degraded" }, old)).toBeUndefined();
  expect(healthySinceMs(undefined, old)).toBeUndefined();
});
