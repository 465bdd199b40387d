import { describe, expect, it } from "vitest";
import { findZone, windowSpans } from "../../../lib/shared.ts";
import { layOutWeek, momentOf, weekOf } from "./week.ts";

const at = (time: string) => Date.parse(time);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

function zoneOf(name: string) {
  const zone = findZone(name);
  if (zone === undefined) throw new Error(name);
  return zone;
}

const utc = zoneOf("UTC");
const berlin = zoneOf("Europe/Berlin");

function blocks(spec: Parameters<typeof windowSpans>[0], first: string, zone = utc) {
  const firstWallMs = at(first);
  const found = windowSpans(
    { kind: "deny", ...spec },
    { fromMs: momentOf(firstWallMs, zone), toMs: momentOf(firstWallMs + 7 * 86_400_000, zone) },
  );
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return layOutWeek(found.spans, firstWallMs, zone).map((day) =>
    day.blocks.map(({ fromMinute, toMinute }) => `${fromMinute}-${toMinute}`).join(" "),
  );
}

describe("a week of a window", () => {
  it("has a block on each day that it touches, cut at midnight", () => {
    expect(blocks({ schedule: "0 22 * * 5", duration: "10h" }, "2026-11-30T00:00Z")).toEqual([
      "",
      "",
      "",
      "",
      "1320-1440",
      "0-480",
      "",
    ]);
    expect(blocks({ schedule: "30 9,14 * * 1-2", duration: "1h" }, "2026-11-30T00:00Z").slice(0, 3)).toEqual([
      "570-630 870-930",
      "570-630 870-930",
      "",
    ]);
  });

  it("begins with what began the week before", () => {
    expect(blocks({ schedule: "0 22 * * 0", duration: "4h" }, "2026-11-30T00:00Z")).toEqual([
      "0-120",
      "",
      "",
      "",
      "",
      "",
      "1320-1440",
    ]);
  });

  it("is drawn by the clocks of who looks", () => {
    const office = { schedule: "0 9 * * 1", duration: "8h", timeZone: "America/New_York" };
    expect(blocks(office, "2026-11-30T00:00Z", berlin)[0]).toBe("900-1380");
  });

  it("shows the hours on the wall where clocks are put forward or back", () => {
    const night = { schedule: "0 1 * * 0", duration: "3h", timeZone: "Europe/Berlin" };
    expect(blocks(night, "2026-03-23T00:00Z", berlin)[6]).toBe("60-240");
    expect(blocks(night, "2026-10-19T00:00Z", berlin)[6]).toBe("60-240");
    const twice = { schedule: "30 2 * * 0", duration: "20m", timeZone: "Europe/Berlin" };
    expect(blocks(twice, "2026-10-19T00:00Z", berlin)[6]).toBe("150-170 150-170");
  });
});

it("begins a week on Monday, by the clocks of a place", () => {
  expect(iso(weekOf(at("2026-12-01T05:00Z"), utc))).toBe("2026-11-30T00:00");
  expect(iso(weekOf(at("2026-11-29T23:30Z"), utc))).toBe("2026-11-23T00:00");
  expect(iso(weekOf(at("2026-11-29T23:30Z"), berlin))).toBe("2026-11-30T00:00");
  expect(iso(weekOf(at("1969-12-31T00:00Z"), utc))).toBe("1969-12-29T00:00");
});

it("finds the moment at which clocks show a time", () => {
  expect(iso(momentOf(at("2026-11-30T00:00Z"), berlin))).toBe("2026-11-29T23:00");
  expect(iso(momentOf(at("2026-07-01T00:00Z"), berlin))).toBe("2026-06-30T22:00");
});
