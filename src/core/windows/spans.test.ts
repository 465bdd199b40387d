import { describe, expect, it } from "vitest";
import { windowSpans, windowState } from "./spans.ts";

const at = (time: string) => Date.parse(time);
const iso = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
const week = { fromMs: at("2026-03-27T00:00:00Z"), toMs: at("2026-04-03T00:00:00Z") };

function spansOf(spec: Parameters<typeof windowSpans>[0], when = week) {
  const found = windowSpans({ kind: "deny", ...spec }, when);
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return { ...found, spans: found.spans.map(({ startMs, endMs }) => `${iso(startMs)} ${iso(endMs)}`) };
}

describe("the times in which a window is open", () => {
  it("are counted by the clocks of its place, also in the night in which they are put forward", () => {
    expect(
      spansOf({ schedule: "0 22 * * fri,sat", duration: "8h", timeZone: "Europe/Berlin" }).spans,
    ).toEqual(["2026-03-27T21:00:00Z 2026-03-28T05:00:00Z", "2026-03-28T21:00:00Z 2026-03-29T04:00:00Z"]);
  });

  it("are cut where one looks, and end when no turn is in sight", () => {
    const day = { fromMs: at("2026-03-27T23:00:00Z"), toMs: at("2026-03-28T23:00:00Z") };
    expect(spansOf({ schedule: "0 22 * * *", duration: "2h" }, day).spans).toEqual([
      "2026-03-27T23:00:00Z 2026-03-28T00:00:00Z",
      "2026-03-28T22:00:00Z 2026-03-28T23:00:00Z",
    ]);
    expect(spansOf({ schedule: "* * * * *", duration: "1m" }, day).spans).toEqual([
      "2026-03-27T23:00:00Z 2026-03-28T23:00:00Z",
    ]);
    expect(spansOf({ schedule: "0 0 1 1 *", duration: "1h" }, day)).toEqual({ spans: [], isCutOff: false });
  });

  it("are no more than one can read", () => {
    const often = spansOf({ schedule: "* * * * *", duration: "30s" });
    expect([often.spans.length, often.isCutOff]).toEqual([400, true]);
  });

  it("are not there for what cannot be kept, which is named", () => {
    expect(windowSpans({ kind: "deny", schedule: "noon", duration: "1h" }, week)).toMatchObject({
      problems: [{ field: "schedule" }],
    });
  });
});

it("says whether a window is open, and until when", () => {
  const window = { kind: "allow", schedule: "0 22 * * *", duration: "8h" };
  expect(windowState(window, at("2026-03-27T12:00:00Z"))).toEqual({
    isOpen: false,
    turnsMs: at("2026-03-27T22:00:00Z"),
  });
  expect(windowState(window, at("2026-03-27T23:00:00Z"))).toEqual({
    isOpen: true,
    turnsMs: at("2026-03-28T06:00:00Z"),
  });
  expect(windowState({ kind: "allow" }, 0)).toBeUndefined();
});
