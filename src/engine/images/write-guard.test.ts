import { expect, it } from "vitest";
import { currentGuard, isFlapping, withWrite } from "./write-guard.ts";

const nowMs = Date.parse("2026-12-01T12:00:00Z");
const asked = { generation: 1, resumed: "" };
const at = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString();

function guardOf(minutesAgo: readonly number[]) {
  return minutesAgo.reduce(
    (guard, minutes) => withWrite(guard, { change: "web 1 -> 2", commit: "c", time: at(minutes) }),
    currentGuard(undefined, asked, nowMs),
  );
}

it("stops a change that was written three times in an hour, and no other", () => {
  const guard = currentGuard(guardOf([30, 20, 10]), asked, nowMs);
  expect(isFlapping(guard, "web 1 -> 2")).toBe(true);
  expect(isFlapping(guard, "web 2 -> 3")).toBe(false);
  expect(isFlapping(guardOf([20, 10]), "web 1 -> 2")).toBe(false);
});

it("forgets what was written more than an hour ago", () => {
  expect(isFlapping(currentGuard(guardOf([61, 20, 10]), asked, nowMs), "web 1 -> 2")).toBe(false);
});

it("keeps a stop until the spec changes or somebody asks to go on", () => {
  const stopped = { ...guardOf([200, 190, 180]), stopped: true };
  expect(isFlapping(currentGuard(stopped, asked, nowMs), "web 2 -> 3")).toBe(true);
  for (const other of [
    { ...asked, generation: 2 },
    { ...asked, resumed: "again" },
  ])
    expect(isFlapping(currentGuard(stopped, other, nowMs), "web 1 -> 2")).toBe(false);
});

it("remembers only so many writes", () => {
  const guard = guardOf(Array.from({ length: 80 }, () => 1));
  expect(guard.writes).toHaveLength(50);
});
