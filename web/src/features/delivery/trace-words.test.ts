import { expect, it } from "vitest";
import { timesOf } from "./trace-words.ts";

it("tells how long each step took that is known", () => {
  expect(
    timesOf({
      committed: "2026-01-01T10:00:00Z",
      seen: "2026-01-01T10:00:40Z",
      rendered: "2026-01-01T10:00:40.200Z",
      started: "2026-01-01T10:00:40Z",
      healthy: "2026-01-01T10:02:00Z",
    }),
  ).toBe("seen after 40 s, rendered after 200 ms, begun after 0 ms, healthy after 1 min 20 s");
  expect(timesOf({ applied: "2026-01-01T10:00:00Z" })).toBe("");
});
