import { expect, it } from "vitest";
import type { AuditRecord } from "#ports/audit-store.ts";
import { createRecordLimits } from "./record-limits.ts";

const refused: AuditRecord = {
  timeMs: 0,
  user: { name: "eve", subject: "eve", kind: "local", groups: 0 },
  from: { address: "192.0.2.1", userAgent: "" },
  method: "application.ApplicationService/Delete",
  target: { kind: "Application", project: "", namespace: "", name: "web" },
  outcome: "refused",
  code: "API_FORBIDDEN",
  durationMs: 1,
  changes: [],
  moreChanges: 0,
};

it("keeps records of a caller again when a minute has passed since there were too many", async () => {
  let nowMs = 0;
  const kept: AuditRecord[] = [];
  const none = { [Symbol.dispose]: () => undefined };
  const clock = { now: () => nowMs, sleep: () => Promise.resolve(), after: () => none };
  const limits = createRecordLimits({ clock, keep: (record) => Promise.resolve(void kept.push(record)) });
  const keep = async (count: number): Promise<number> => {
    const before = kept.length;
    for (let n = 0; n < count; n += 1) await limits.keep(refused);
    return kept.length - before;
  };
  expect(await keep(100)).toBe(60);
  nowMs += 60_000;
  expect(await keep(100)).toBe(60);
  await limits[Symbol.asyncDispose]();
});
