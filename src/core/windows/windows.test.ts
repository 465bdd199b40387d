import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  explainBlocked,
  formatHeld,
  isRefusedByWindow,
  mayGoOn,
  nextVerdictAt,
  refuseByWindow,
  turnsAt,
  verdictAt,
  windowProblems,
  windowsFor,
} from "./index.ts";
import type { WindowSpec } from "./index.ts";
import { isActive, nextTurn, parseWindow } from "./window.ts";

const target = { application: "web", namespace: "shop", cluster: { server: "https://east", name: "east" } };
const everywhere = { applications: ["*"] };

function windowOf(spec: WindowSpec) {
  const read = parseWindow({ kind: "deny", ...everywhere, ...spec });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.window;
}

function placed(...windows: readonly WindowSpec[]) {
  return windowsFor(
    [{ project: "team", windows: windows.map((one) => ({ ...everywhere, ...one })) }],
    target,
  );
}

const at = (time: string) => Date.parse(time);
const iso = (ms: number | undefined) =>
  ms === undefined ? "never" : new Date(ms).toISOString().replace(".000Z", "Z");
const formatTime = (ms: number) => iso(ms);

/** When a window opens and closes, from a moment on. */
function turns(spec: WindowSpec, from: string, count: number): readonly string[] {
  const window = windowOf(spec);
  const found: string[] = [];
  for (let ms: number | undefined = at(from); found.length < count;) {
    ms = nextTurn(window, ms);
    if (ms === undefined) return [...found, "never"];
    found.push(`${isActive(window, ms) ? "opens" : "closes"} ${iso(ms)}`);
  }
  return found;
}

describe("a window", () => {
  it("is open from its start until its duration is over", () => {
    const window = windowOf({ schedule: "0 22 * * *", duration: "1h" });
    const open = ["21:59:59Z", "22:00:00Z", "22:59:59Z", "23:00:00Z"].map((time) =>
      isActive(window, at(`2026-11-30T${time}`)),
    );
    expect(open).toEqual([false, true, true, false]);
  });

  it("is open across midnight and as long as its starts run into each other", () => {
    expect(turns({ schedule: "0 22 * * *", duration: "8h" }, "2026-11-30T12:00:00Z", 2)).toEqual([
      "opens 2026-11-30T22:00:00Z",
      "closes 2026-12-01T06:00:00Z",
    ]);
    expect(turns({ schedule: "*/30 9-11 * * *", duration: "45m" }, "2026-11-30T08:00:00Z", 2)).toEqual([
      "opens 2026-11-30T09:00:00Z",
      "closes 2026-11-30T12:15:00Z",
    ]);
    expect(turns({ schedule: "* * * * *", duration: "1m" }, "2026-11-30T08:00:00Z", 1)).toEqual(["never"]);
    expect(turns({ schedule: "* * * * *", duration: "30s" }, "2026-11-30T08:00:00Z", 2)).toEqual([
      "closes 2026-11-30T08:00:30Z",
      "opens 2026-11-30T08:01:00Z",
    ]);
  });

  it("reads the clocks of its time zone", () => {
    const tokyo = { schedule: "0 9 * * *", duration: "1h", timeZone: "Asia/Tokyo" };
    expect(turns(tokyo, "2026-11-30T12:00:00Z", 1)).toEqual(["opens 2026-12-01T00:00:00Z"]);
    const kathmandu = { schedule: "0 9 * * *", duration: "1h", timeZone: "Asia/Kathmandu" };
    expect(turns(kathmandu, "2026-11-30T12:00:00Z", 1)).toEqual(["opens 2026-12-01T03:15:00Z"]);
  });

  it("keeps its hours on the wall in the night in which clocks are put forward", () => {
    const night = { schedule: "0 22 * * *", duration: "8h", timeZone: "Europe/Berlin" };
    expect(turns(night, "2026-03-28T12:00:00Z", 4)).toEqual([
      "opens 2026-03-28T21:00:00Z",
      "closes 2026-03-29T04:00:00Z",
      "opens 2026-03-29T20:00:00Z",
      "closes 2026-03-30T04:00:00Z",
    ]);
  });

  it("keeps its hours on the wall in the night in which clocks are put back", () => {
    const night = { schedule: "0 22 * * *", duration: "8h", timeZone: "Europe/Berlin" };
    expect(turns(night, "2026-10-24T12:00:00Z", 4)).toEqual([
      "opens 2026-10-24T20:00:00Z",
      "closes 2026-10-25T05:00:00Z",
      "opens 2026-10-25T21:00:00Z",
      "closes 2026-10-26T05:00:00Z",
    ]);
  });

  it("opens when the clocks have leapt over its start, and twice when its start comes twice", () => {
    const early = { schedule: "30 2 * * *", duration: "1h", timeZone: "America/New_York" };
    expect(turns(early, "2026-03-08T05:00:00Z", 2)).toEqual([
      "opens 2026-03-08T07:00:00Z",
      "closes 2026-03-08T07:30:00Z",
    ]);
    const twice = { schedule: "30 1 * * *", duration: "20m", timeZone: "America/New_York" };
    expect(turns(twice, "2026-11-01T04:00:00Z", 4)).toEqual([
      "opens 2026-11-01T05:30:00Z",
      "closes 2026-11-01T05:50:00Z",
      "opens 2026-11-01T06:30:00Z",
      "closes 2026-11-01T06:50:00Z",
    ]);
  });

  it("does not close when the clocks are put back while it is open, nor because a change of them is far", () => {
    const leapDay = { schedule: "0 12 29 2 *", duration: "1h", timeZone: "Europe/London" };
    expect(turns(leapDay, "2096-03-01T00:00:00Z", 2)).toEqual([
      "opens 2104-02-29T12:00:00Z",
      "closes 2104-02-29T13:00:00Z",
    ]);
  });

  it("applies by application, namespace or cluster, and with andOperator by all that it names", () => {
    const applies = (spec: WindowSpec) =>
      windowsFor(
        [{ project: "team", windows: [{ kind: "deny", schedule: "@daily", duration: "1h", ...spec }] }],
        target,
      ).length === 1;
    expect(applies({})).toBe(false);
    expect(applies({ andOperator: true })).toBe(false);
    expect(applies({ applications: ["api", "w*"] })).toBe(true);
    expect(applies({ namespaces: ["sh?p"] })).toBe(true);
    expect(applies({ clusters: ["east"] })).toBe(true);
    expect(applies({ clusters: ["https://*"] })).toBe(true);
    expect(applies({ applications: ["api"], namespaces: ["shop"] })).toBe(true);
    expect(applies({ applications: ["api"], namespaces: ["shop"], andOperator: true })).toBe(false);
    expect(applies({ applications: ["web"], namespaces: ["shop"], andOperator: true })).toBe(true);
    expect(applies({ applications: ["web"], clusters: ["west"], andOperator: true })).toBe(false);
  });
});

describe("what cannot be kept in a window", () => {
  it("is named with its field and the fix", () => {
    const windows = [
      { kind: "deny", schedule: "0 0 30 2 *", duration: "1h" },
      { kind: "block", schedule: "@daily", duration: "long", timeZone: "Mars/Olympus" },
      { kind: "allow", schedule: "@daily", duration: "0s", applications: ["web", "["] },
      { kind: "allow", schedule: "@daily", duration: "60", timeZone: "+01:00" },
      { kind: "allow", schedule: "@daily", duration: "9999999h" },
      { kind: "allow", schedule: "@daily", duration: "1h" },
      {},
    ];
    expect(windowProblems(windows).map(({ message }) => message)).toEqual([
      'spec.syncWindows[0].schedule is "0 0 30 2 *": no month that it names has a day 30, so it never comes; correct the day or the month',
      'spec.syncWindows[1].kind is "block"; write allow or deny',
      'spec.syncWindows[1].duration is no duration: duration "long": not a number with a unit; write it like 5s, 3m or 1h30m',
      'spec.syncWindows[1].timeZone is "Mars/Olympus", which is no time zone; write an IANA name such as Europe/Berlin',
      'spec.syncWindows[2].duration is "0s", which is not longer than 0; write it like 30m, 1h or 8h30m',
      "spec.syncWindows[2].applications[1] is not a glob: a [ is never closed; correct the pattern",
      'spec.syncWindows[3].duration is "60", which is no duration; write it like 30m, 1h or 8h30m',
      'spec.syncWindows[3].timeZone is "+01:00", which is no time zone; write an IANA name such as Europe/Berlin',
      'spec.syncWindows[4].duration is "9999999h", which is longer than 2562047h; write it like 30m, 1h or 8h30m',
      'spec.syncWindows[6].kind is ""; write allow or deny',
      'spec.syncWindows[6].schedule is "": it has 0 fields; write five: minute, hour, day of month, month, weekday, such as "0 22 * * *"',
      'spec.syncWindows[6].duration is "", which is no duration; write it like 30m, 1h or 8h30m',
    ]);
  });
});

describe("whether a sync may begin", () => {
  const noon = at("2026-11-30T12:00:00Z");
  const open = { schedule: "0 11 * * *", duration: "2h" };
  const closed = { schedule: "0 20 * * *", duration: "2h" };
  const verdict = (...windows: readonly WindowSpec[]) => {
    const { automated, manual } = verdictAt(placed(...windows), noon);
    return automated ? "all" : manual ? "people" : "nobody";
  };

  it.each<[string, readonly WindowSpec[], string]>([
    ["no window", [], "all"],
    ["a deny window that is closed", [{ kind: "deny", ...closed }], "all"],
    ["a deny window that is open", [{ kind: "deny", ...open }], "nobody"],
    ["an allow window that is open", [{ kind: "allow", ...open }], "all"],
    ["an allow window that is closed", [{ kind: "allow", ...closed }], "nobody"],
    [
      "one of two allow windows",
      [
        { kind: "allow", ...closed },
        { kind: "allow", ...open },
      ],
      "all",
    ],
    [
      "deny, which beats allow",
      [
        { kind: "allow", ...open },
        { kind: "deny", ...open },
      ],
      "nobody",
    ],
    [
      "a closed deny and no open allow",
      [
        { kind: "allow", ...closed },
        { kind: "deny", ...closed },
      ],
      "nobody",
    ],
    ["an open deny with manualSync", [{ kind: "deny", ...open, manualSync: true }], "people"],
    [
      "two open denies, one with manualSync",
      [
        { kind: "deny", ...open, manualSync: true },
        { kind: "deny", ...open },
      ],
      "nobody",
    ],
    [
      "an open deny with manualSync beside a closed allow",
      [
        { kind: "deny", ...open, manualSync: true },
        { kind: "allow", ...closed },
      ],
      "people",
    ],
    ["a closed allow with manualSync", [{ kind: "allow", ...closed, manualSync: true }], "people"],
    [
      "two closed allows, one with manualSync",
      [
        { kind: "allow", ...closed, manualSync: true },
        { kind: "allow", ...closed },
      ],
      "nobody",
    ],
  ])("with %s", (_, windows, expected) => {
    expect(verdict(...windows)).toBe(expected);
  });

  it("is said with the window and the next opening", () => {
    const windows = placed(
      { kind: "deny", ...open, timeZone: "Europe/London", manualSync: true },
      { kind: "allow", ...closed },
    );
    const now = { nowMs: noon, formatTime };
    expect(explainBlocked(windows, "automated", now)).toBe(
      'deny "0 11 * * *" for 2h (Europe/London), spec.syncWindows[0] of AppProject team, is active; opens at 2026-11-30T20:00:00Z',
    );
    expect(refuseByWindow(placed({ kind: "allow", ...closed }, { kind: "allow", ...closed }), now)).toBe(
      'cannot sync: blocked by sync window: no allow window is active: allow "0 20 * * *" for 2h, spec.syncWindows[0] of AppProject team and 1 more; opens at 2026-11-30T20:00:00Z; wait until then, or set manualSync: true in that window',
    );
    const always = placed({ kind: "deny", schedule: "* * * * *", duration: "1h" });
    expect(explainBlocked(always, "manual", now)).toMatch(/; no opening is in sight$/u);
    expect(isRefusedByWindow(refuseByWindow(always, now))).toBe(true);
    expect(isRefusedByWindow("one or more objects failed to apply")).toBe(false);
  });

  it("changes when a window turns, and not because one turns that makes no difference", () => {
    const windows = placed(
      { kind: "deny", schedule: "0 11 * * *", duration: "4h" },
      { kind: "allow", schedule: "0 13 * * *", duration: "1h" },
    );
    expect(iso(nextVerdictAt(windows, noon))).toBe("2026-11-30T15:00:00Z");
    expect(iso(turnsAt(windows, noon, "automated"))).toBe("never");
    expect(iso(nextVerdictAt(placed({ kind: "deny", schedule: "* * * * *", duration: "1h" }), noon))).toBe(
      "never",
    );
    expect(iso(nextVerdictAt([], noon))).toBe("never");
  });

  it("tells when syncs are permitted again, and when they will not be any more", () => {
    const windows = placed({ kind: "deny", schedule: "0 11 * * *", duration: "4h" });
    expect(iso(turnsAt(windows, noon, "automated"))).toBe("2026-11-30T15:00:00Z");
    expect(iso(turnsAt(windows, at("2026-11-30T16:00:00Z"), "manual"))).toBe("2026-12-01T11:00:00Z");
    expect(iso(turnsAt([], noon, "manual"))).toBe("never");
  });
});

describe("a sync that runs when the windows change", () => {
  const noon = at("2026-11-30T12:00:00Z");
  const morning = { kind: "allow", schedule: "0 9 * * *", duration: "2h" };
  const ban = { kind: "deny", schedule: "0 11 * * *", duration: "4h" };
  const overrun = { syncOverrun: true };
  const goesOn = (windows: readonly WindowSpec[], startedAt = "10:00", manual = false) =>
    mayGoOn(placed(...windows), noon, { startedAtMs: at(`2026-11-30T${startedAt}:00Z`), manual });

  it.each<[string, readonly WindowSpec[], boolean]>([
    ["no window, then deny with overrun", [{ ...ban, ...overrun }], true],
    ["no window, then deny", [ban], false],
    [
      "allow with overrun, then deny with overrun",
      [
        { ...morning, ...overrun },
        { ...ban, ...overrun },
      ],
      true,
    ],
    ["allow with overrun, then deny", [{ ...morning, ...overrun }, ban], false],
    ["allow, then deny with overrun", [morning, { ...ban, ...overrun }], true],
    ["allow, then deny", [morning, ban], false],
    ["allow with overrun, then nothing", [{ ...morning, ...overrun }], true],
    ["allow, then nothing", [morning], false],
    [
      "two allows with overrun, then nothing",
      [
        { ...morning, ...overrun },
        { ...morning, ...overrun },
      ],
      true,
    ],
    ["two allows, one with overrun, then nothing", [{ ...morning, ...overrun }, morning], false],
    ["two denies, one with overrun", [{ ...ban, ...overrun }, ban], false],
  ])("%s: goes on %s %s", (_, windows, expected) => {
    expect(goesOn(windows)).toBe(expected);
  });

  it("goes on only if it was permitted when it began, or people are let through and one began it", () => {
    expect(goesOn([{ ...ban, ...overrun }], "11:30")).toBe(false);
    expect(goesOn([{ ...ban, manualSync: true }], "11:30", true)).toBe(true);
    expect(goesOn([{ ...ban, manualSync: true }], "11:30", false)).toBe(false);
  });

  it("says what holds it, and keeps what was said before once", () => {
    const said = "one or more objects failed to apply. Retrying attempt #1 at 2026-11-30T12:00:00Z.";
    const held = formatHeld("deny; opens at X", said);
    expect(held).toBe(`sync operation blocked by sync window: deny; opens at X. Before that: ${said}`);
    expect(formatHeld("deny; opens at Y", held)).toBe(held.replace("X", "Y"));
    expect(formatHeld("deny; opens at Y", formatHeld("deny; opens at X", undefined))).toBe(
      "sync operation blocked by sync window: deny; opens at Y",
    );
  });
});

describe("any window, whatever its texts say,", () => {
  const schedule = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."0123456789*/-,? @JANMON".split("")), maxLength: 30 }),
    fc
      .array(fc.constantFrom("*", "0", "59", "1-5", "*/7", "29", "2", "31", "?", "feb", "sun"), {
        minLength: 5,
        maxLength: 5,
      })
      .map((parts) => parts.join(" ")),
  );
  const duration = fc.oneof(fc.string(), fc.constantFrom("1s", "1m", "90m", "24h", "100000h", "2562047h"));
  const timeZone = fc.oneof(
    fc.string(),
    fc.constantFrom("", "UTC", "Europe/Berlin", "Africa/Casablanca", "Australia/Lord_Howe", "America/Nuuk"),
  );

  it("is understood or a named problem, and is evaluated without ever searching for long", () => {
    const nowMs = fc.integer({ min: 0, max: at("2100-01-01T00:00:00Z") });
    fc.assert(
      fc.property(schedule, duration, timeZone, nowMs, (...[text, lasting, zone, now]) => {
        const spec = { kind: "deny", schedule: text, duration: lasting, timeZone: zone, ...everywhere };
        const problems = windowProblems([spec]);
        const windows = placed(spec);
        expect(problems.length === 0).toBe(windows.length === 1);
        expect(problems.every(({ path }) => path.startsWith("spec.syncWindows[0]."))).toBe(true);
        const next = nextVerdictAt(windows, now);
        if (next === undefined) return;
        expect(next).toBeGreaterThan(now);
        expect(verdictAt(windows, next).automated).not.toBe(verdictAt(windows, now).automated);
        expect(verdictAt(windows, next - 1).automated).toBe(verdictAt(windows, now).automated);
      }),
      { numRuns: 400, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
  });
});
