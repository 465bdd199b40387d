import { rename } from "node:fs/promises";
import { describe, expect } from "vitest";
import type { ApplicationStatus } from "#core/app/index.ts";
import { configMap, eventually, newHub, plainIt as it, type TestApplication } from "./fixture.ts";
import { createLeapingClock } from "./leaping-clock.ts";

const healing = {
  automated: { prune: true, selfHeal: true },
  files: { "a.yaml": configMap("a", { k: "1" }) },
} as const;

const gone =
  "ComparisonError: repository <repository>: listing refs: there is no such repository, or these credentials may not see it; check the URL and the Secret (fatal: '<directory>' does not appear to be a git repository); not reachable since <time>, the last known revision <short> is kept in force";

async function conditionsOf(app: TestApplication): Promise<readonly string[]> {
  return (await app.conditions()).map((line) => line.replaceAll(/\b[0-9a-f]{7}\b/gu, "<short>"));
}

function messagesOf(status: ApplicationStatus | undefined): readonly string[] {
  return (status?.conditions ?? []).map(({ message }) => message);
}

async function expectHealed(app: TestApplication, by = "by hand"): Promise<void> {
  await app.patchLive("configmaps/a", { data: { k: by } });
  await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }));
}

/** The Git store does not ask again within 10 seconds of a failure, whoever wants to know. */
async function untilRead(app: TestApplication): Promise<void> {
  await eventually(
    async () => {
      await app.refresh();
      expect(await app.conditions()).toEqual([]);
    },
    { intervalMs: 1_000 },
  );
}

describe("while the repository is gone", () => {
  it("the application says so, and drift is still undone, until the repository is back", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const app = await hub.app("outage", healing);
    await app.synced();
    const hidden = `${app.repository.directory}.hidden`;
    await rename(app.repository.directory, hidden);
    await app.refresh();
    expect(await conditionsOf(app)).toEqual([gone]);
    expect(await app.state()).toBe("Synced Healthy");
    await expectHealed(app);

    await hub.stop();
    await app.patchLive("configmaps/a", { data: { k: "while nobody looked" } });
    await hub.start();
    await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }));
    await app.refresh();
    expect(await conditionsOf(app)).toEqual([gone]);

    await rename(hidden, app.repository.directory);
    await untilRead(app);
    expect(await app.conditions()).toEqual([]);
    await app.push({ "a.yaml": configMap("a", { k: "1", l: "2" }) });
    await app.synced();
  });

  it("for an hour, drift is undone all the time, and the application says since when", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    await hub.start({ clock });
    const app = await hub.app("hour", healing);
    await app.synced();
    const hidden = `${app.repository.directory}.hidden`;
    await rename(app.repository.directory, hidden);
    await app.refresh();
    const [before = ""] = await app.read().then(({ status }) => messagesOf(status));
    const since = /not reachable since (\S+),/u.exec(before)?.[1] ?? "";
    expect(Date.parse(since)).toBeGreaterThan(0);
    for (const minutes of [1, 4, 15, 40]) {
      clock.leap(minutes * 60_000);
      await expectHealed(app, `after ${minutes} more minutes`);
      await app.refresh();
      expect(await conditionsOf(app)).toEqual([gone]);
      expect(messagesOf(await app.status())).toEqual([before]);
    }
    expect(await app.state()).toBe("Synced Healthy");
    await rename(hidden, app.repository.directory);
    const commit = await app.commit({ "a.yaml": configMap("a", { k: "1", after: "the outage" }) });
    clock.leap(4 * 60_000);
    await app.waitFor(({ status }) => expect(status?.sync?.revision).toBe(commit));
    await app.synced();
    expect(await app.conditions()).toEqual([]);
  });

  it("an application that was never read says so and recovers by itself", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await hub.start();
    const app = await hub.app("late", healing);
    const hidden = `${app.repository.directory}.hidden`;
    const other = await hub.app("later", { ...healing, source: { repoURL: `${app.repository.url}.moved` } });
    await other.waitFor(async () => expect(await other.state()).toBe("Unknown -"));
    await app.synced();
    await rename(app.repository.directory, hidden);
    await rename(hidden, `${app.repository.directory}.moved`);
    await untilRead(other);
    await other.waitFor(async () => expect(await other.state()).toBe("Synced Healthy"));
    expect(await other.conditions()).toEqual([]);
  });
});
