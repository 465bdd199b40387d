import { expect, it } from "vitest";
import { createRedactedLog } from "./redacted-log.ts";

// Class: secrets told.
it("writes no credential of the configuration into a log, whichever was told last", () => {
  const lines: string[] = [];
  const { log, redact, onSecrets } = createRedactedLog({ write: (line) => void lines.push(line) });
  const bound = log.with({ repository: "https://git.example.com/r" });
  onSecrets(new Set(["a first password"]));
  bound.error("fetch failed", { error: "remote said: a first password is wrong" });
  onSecrets(new Set(["a second password"]));
  bound.error("fetch failed", { error: "remote said: a second password is wrong" });
  expect(lines).toHaveLength(2);
  expect(lines.join("")).toContain("<redacted> is wrong");
  expect(lines.join("")).not.toMatch(/first password|second password/u);
  expect(redact("a second password")).toBe("<redacted>");
});
