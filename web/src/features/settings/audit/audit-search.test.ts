import { expect, it } from "vitest";
import { auditQueryOf, parseAuditSearch, withFilter } from "./audit-search.ts";

const now = Date.parse("2026-12-01T12:00:00Z");

it("reads filters from the address, and leaves out what is none", () => {
  expect(parseAuditSearch({ user: "ada", last: "24h", since: "2026-11-30", other: "x", kind: 1 })).toEqual({
    user: "ada",
    last: "24h",
  });
  expect(parseAuditSearch({ last: "between", since: "2026-11-30T10:00", until: "never" })).toEqual({
    last: "between",
    since: "2026-11-30T10:00",
  });
  expect(parseAuditSearch({ last: "100y", result: "" })).toEqual({});
});

it("asks from a moment back, or between two", () => {
  expect(auditQueryOf({ last: "24h", user: " ada " }, now)).toEqual({
    since: "2026-11-30T12:00:00.000Z",
    user: "ada",
  });
  const between = { last: "between", since: "2026-11-30T10:00Z", until: "2026-11-30T11:00Z" };
  expect(auditQueryOf(between, now)).toEqual({
    since: "2026-11-30T10:00:00.000Z",
    until: "2026-11-30T11:00:00.000Z",
  });
  expect(auditQueryOf({}, now)).toEqual({});
});

it("takes a filter away by an empty text, and the times with the span that they are of", () => {
  expect(withFilter({ user: "ada", kind: "x" }, "user", "")).toEqual({ kind: "x" });
  expect(withFilter({}, "user", "ada")).toEqual({ user: "ada" });
  const between = { last: "between", since: "2026-11-30T10:00", user: "ada" };
  expect(withFilter(between, "last", "1h")).toEqual({ last: "1h", user: "ada" });
  expect(withFilter(between, "last", "")).toEqual({ user: "ada" });
});
