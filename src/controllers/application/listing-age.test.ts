import { describe, expect, it } from "vitest";
import type { Application } from "#core/app/index.ts";
import { maxListingAgeMs } from "./listing-age.ts";

const nowMs = Date.UTC(2026, 0, 1, 0, 1);
const usualMs = 120_000;

function application(compared: string, deployed: string | undefined, finishedAt = "2026-01-01T00:00:50Z") {
  const syncResult = deployed === undefined ? undefined : { revision: deployed };
  return {
    status: {
      sync: { status: "OutOfSync", revision: compared },
      operationState: { phase: "Succeeded", startedAt: "2026-01-01T00:00:40Z", finishedAt, syncResult },
    },
  } as unknown as Application;
}

describe("the age of what a repository said", () => {
  it("is the usual one while what was deployed is what was compared", () => {
    expect(maxListingAgeMs(application("a", "a"), usualMs, nowMs)).toBe(usualMs);
    expect(maxListingAgeMs(application("a", undefined), usualMs, nowMs)).toBe(usualMs);
    expect(maxListingAgeMs({} as Application, usualMs, nowMs)).toBe(usualMs);
  });

  it("is not from before somebody deployed another revision, to which an automated sync would go back otherwise", () => {
    expect(maxListingAgeMs(application("a", "b"), usualMs, nowMs)).toBe(9_000);
    expect(maxListingAgeMs(application("a", "b", "2025-12-31T23:00:00Z"), usualMs, nowMs)).toBe(usualMs);
  });

  it("is nothing where clocks disagree", () => {
    expect(maxListingAgeMs(application("a", "b", "2026-01-01T01:00:00Z"), usualMs, nowMs)).toBe(0);
    expect(maxListingAgeMs(application("a", "b", "soon"), usualMs, nowMs)).toBe(0);
  });
});
