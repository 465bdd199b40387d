import { rename } from "node:fs/promises";
import { describe, expect } from "vitest";
import { configMap, eventually, newHub, plainIt as it, type TestApplication } from "./fixture.ts";

const healing = {
  automated: { prune: true, selfHeal: true },
  files: { "a.yaml": configMap("a", { k: "1" }) },
} as const;

const gone =
  "ComparisonError: repository <repository>: listing refs: there is no such repository, or these credentials may not see it; check the URL and the Secret (fatal: '<directory>' does not appear to be a git repository); not reachable since <time>, the last known revision <short> is kept in force";

async function conditionsOf(app: TestApplication): Promise<readonly string[]> {
  return (await app.conditions()).map((line) => line.replaceAll(/\b[0-9a-f]{7}\b/gu, "<short>"));
}

async function expectHealed(app: TestApplication): Promise<void> {
  await app.patchLive("configmaps/a", { data: { k: "by hand" } });
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
