import { describe, expect, it } from "vitest";
import { entriesOf, formatRevisions } from "./entries.ts";

const source = { repoURL: "https://git.example.com/shop", path: "web" };

describe("the history", () => {
  it("begins with the newest, and says who deployed it and how long that took", () => {
    const entries = entriesOf({
      spec: { source },
      status: {
        history: [
          {
            id: 0,
            revision: "a".repeat(40),
            source: { ...source, path: "old" },
            deployStartedAt: "2026-12-01T10:00:00Z",
            deployedAt: "2026-12-01T10:00:00Z",
            initiatedBy: { username: "grace" },
          },
          {
            id: 1,
            revision: "b".repeat(40),
            source,
            deployStartedAt: "2026-12-01T11:00:00Z",
            deployedAt: "2026-12-01T11:01:05Z",
            initiatedBy: { automated: true },
          },
        ],
      },
    });
    expect(entries.map((entry) => [formatRevisions(entry), entry.by, entry.duration])).toEqual([
      ["bbbbbbb", "itself", "1 min 5 s"],
      ["aaaaaaa", "grace", "under 1 s"],
    ]);
    expect(entries.map(({ isCurrent, isOtherSource }) => [isCurrent, isOtherSource])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("of several sources has a revision for each", () => {
    const [entry] = entriesOf({ status: { history: [{ id: 4, revisions: ["c".repeat(40), "1.2.3"] }] } });
    expect(entry === undefined ? "" : formatRevisions(entry)).toBe("ccccccc, 1.2.3");
    expect(entry?.by).toBe("unknown");
  });
});
