import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AppKey } from "#core/app/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import type { DriftedObject } from "#core/timeline/index.ts";
import type { TimelineStore } from "#ports/timeline.ts";
import { systemClock } from "#runtime/clock.ts";
import { createLog } from "#runtime/log.ts";
import { openSqliteTimeline } from "./sqlite-timeline.ts";

const owner = { app: "argocd/web" as AppKey, uid: "one" };

function open(file = path.join(directory(), "timeline.db"), lines: string[] = []): TimelineStore {
  const log = createLog({ level: "warn", format: "text", write: (line) => lines.push(line), now: () => 0 });
  const limits = { maxDrifts: 5, maxDeliveries: 5, maxAllDeliveries: 50, maxAgeMs: 86_400_000 };
  const store = openSqliteTimeline({ file, limits, clock: systemClock, log });
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

function directory(): string {
  const made = mkdtempSync(path.join(tmpdir(), "mooring-timeline-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const drifted = (name: string, live = "5", manager = "kubectl"): DriftedObject => ({
  key: `apps/Deployment/web/${name}` as ObjectKey,
  what: "changed",
  fields: [{ path: "spec.replicas", manager, live, desired: "3" }],
  moreFields: 0,
  isHidden: false,
});

const news = (atMs: number, ...objects: readonly DriftedObject[]) =>
  ({ revision: "abc", objects, end: "self-heal", atMs }) as const;

describe("drifts", () => {
  it("begin once, last, and end with their reason", async () => {
    const store = open();
    store.noteDrifts(owner, news(10, drifted("a")));
    store.noteDrifts(owner, news(20, drifted("a"), drifted("b")));
    store.noteDrifts(owner, news(30, drifted("b")));
    const { drifts } = await store.read(owner, 10);
    expect(drifts.map(({ key, beganMs, endedMs, end }) => [key, beganMs, endedMs, end])).toEqual([
      ["apps/Deployment/web/b", 20, undefined, undefined],
      ["apps/Deployment/web/a", 10, 30, "self-heal"],
    ]);
  });

  it("is one while only the value goes on changing, and another when other fields differ or somebody else changed them", async () => {
    const store = open();
    store.noteDrifts(owner, news(10, drifted("a", "5")));
    store.noteDrifts(owner, news(20, drifted("a", "6")));
    expect((await store.read(owner, 10)).drifts).toHaveLength(1);
    store.noteDrifts(owner, news(30, drifted("a", "6", "hpa")));
    const { drifts } = await store.read(owner, 10);
    expect(drifts.map(({ end }) => end)).toEqual([undefined, "changed-again"]);
  });

  it("of an application that was created again under the name are its own", async () => {
    const store = open();
    store.noteDrifts(owner, news(10, drifted("a")));
    expect((await store.read({ ...owner, uid: "two" }, 10)).drifts).toEqual([]);
    store.forget(owner.app);
    expect((await store.read(owner, 10)).drifts).toEqual([]);
  });
});

describe("deliveries", () => {
  it("keep the first time of each step, and the last failure", async () => {
    const store = open();
    store.noteDelivery(owner, { revision: "abc", seenMs: 1, renderedMs: 2 });
    store.noteDelivery(owner, { revision: "abc", seenMs: 9, failedMs: 3 });
    store.noteDelivery(owner, { revision: "abc", startedMs: 4, appliedMs: 5, failedMs: 4 });
    store.noteDelivery(owner, { revision: "abc", appliedMs: 50, healthyMs: 6 });
    const [delivery] = (await store.read(owner, 10)).deliveries;
    expect(delivery).toEqual({
      revision: "abc",
      seenMs: 1,
      renderedMs: 2,
      startedMs: 4,
      appliedMs: 5,
      healthyMs: 6,
      failedMs: 4,
    });
  });
});

describe("a revision that is delivered again", () => {
  it("after another one is a delivery of its own, and one that is synced again is not", async () => {
    const store = open();
    store.noteDelivery(owner, { revision: "a", startedMs: 1_000, appliedMs: 2_000, healthyMs: 2_000 });
    store.noteDelivery(owner, { revision: "a", startedMs: 3_000, appliedMs: 4_000, changes: 0 });
    store.noteDelivery(owner, { revision: "b", seenMs: 5_000 });
    store.noteDelivery(owner, { revision: "b", startedMs: 5_000, appliedMs: 6_000, images: ["web:2"] });
    const back = { revision: "a", startedMs: 7_000, appliedMs: 8_000, isRollback: true, by: "ada" };
    store.noteDelivery(owner, back);
    store.noteDelivery(owner, { ...back, healthyMs: 9_000 });
    const deliveries = await store.readDeliveries(owner, 0);
    expect(deliveries).toEqual([
      { ...back, healthyMs: 9_000 },
      { revision: "b", seenMs: 5_000, startedMs: 5_000, appliedMs: 6_000, images: ["web:2"] },
      { revision: "a", startedMs: 1_000, appliedMs: 2_000, healthyMs: 2_000, changes: 0 },
    ]);
    expect(await store.readDeliveries(owner, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it("keeps when it was first ill, and when it was well again after that", async () => {
    const store = open();
    store.noteDelivery(owner, { revision: "a", startedMs: 1, appliedMs: 2, healthyMs: 3 });
    store.noteDelivery(owner, { revision: "a", startedMs: 1, appliedMs: 2, degradedMs: 5 });
    store.noteDelivery(owner, { revision: "a", startedMs: 1, appliedMs: 2, healthyMs: 8 });
    store.noteDelivery(owner, { revision: "a", startedMs: 1, appliedMs: 2, degradedMs: 9 });
    expect(await store.readDeliveries(owner, 0)).toMatchObject([
      { healthyMs: 3, degradedMs: 5, restoredMs: 8 },
    ]);
  });
});

describe("the file", () => {
  it("is the user's own, and holds after the process what was noted in it", async () => {
    const file = path.join(directory(), "timeline.db");
    const first = open(file);
    first.noteDrifts(owner, news(10, drifted("a")));
    await first[Symbol.asyncDispose]();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await open(file).read(owner, 10)).drifts).toHaveLength(1);
  });

  it("that is damaged is begun anew, and the log says so", async () => {
    const file = path.join(directory(), "timeline.db");
    writeFileSync(
      file,
      "this is no database, and long enough that nobody takes it for an empty one".repeat(20),
    );
    const lines: string[] = [];
    const store = open(file, lines);
    store.noteDrifts(owner, news(10, drifted("a")));
    expect((await store.read(owner, 10)).drifts).toHaveLength(1);
    expect(lines.join()).toContain("begun anew");
  });
});
