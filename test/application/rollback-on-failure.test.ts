import { describe, expect } from "vitest";
import { parseLastHealthy } from "#core/rollback/index.ts";
import { configMap, eventually, it, job } from "./fixture.ts";
import { goingBack, held, impossible, provenGood } from "./rollback.ts";

const shorten = (text: string) => text.replaceAll(/\b[0-9a-f]{7}\b/gu, "<short>");

describe("an application that asks for it", () => {
  it("goes back when the sync of a commit fails, is kept there, and goes on at the next commit", async ({
    create,
  }) => {
    const app = await create("back", goingBack());
    await app.synced();
    await provenGood(app);
    const bad = await app.push({
      "a.yaml": configMap("a", { k: "bad" }),
      "b.yaml": configMap("b"),
      "c.yaml": impossible,
    });
    const hold = await held(app, "done");
    expect(hold).toMatchObject({ revisions: [bad], to: { id: 1 } });
    expect(await app.lastResult()).toContain(
      "Succeeded: successfully synced (all tasks run); rollback from ",
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
    await eventually(async () => expect(await app.live("configmaps/b")).toBeUndefined());
    const { status } = await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Healthy"));
    expect(status?.sync?.revision).toBe(bad);
    const [condition = "", ...others] = (await app.conditions()).map(shorten);
    expect(others).toEqual([]);
    expect(condition.replace(/, reason: .*\) and was/u, ", reason: …) and was")).toBe(
      "RollbackWarning: Application/<hub>/<app>: revision <short> failed (one or more objects failed to apply, reason: …) and was rolled back to <short> at <time>; it is not tried again; a commit that changes what is deployed ends that, and so does: mooring app resume <app>, or a sync by hand",
    );
    await app.patchLive("configmaps/a", { data: { k: "by hand" } });
    await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" }));

    await app.push({ "a.yaml": configMap("a", { k: "better" }) });
    await app.synced();
    expect(await app.conditions()).toEqual([]);
    expect((await app.read()).metadata.annotations).not.toHaveProperty(["mooring.dev/rollback-hold"]);
    await provenGood(app);
  });

  it("notes what is healthy though an older note has its number: the history was emptied and begins anew", async ({
    create,
  }) => {
    const app = await create("anew", goingBack());
    await app.synced();
    await provenGood(app);
    const { id = 0, revision } = (await app.status()).history?.at(-1) ?? {};
    const old = JSON.stringify({ id, revisions: ["0".repeat(40)] });
    await app.patch({ metadata: { annotations: { "mooring.dev/last-healthy": old } } });
    await app.waitFor(({ metadata }) =>
      expect(parseLastHealthy(metadata.annotations)).toEqual({ id, revisions: [revision] }),
    );
  });

  it("goes back when it is Degraded after the sync, and prunes what the commit brought", async ({
    create,
  }) => {
    const app = await create("degraded", goingBack());
    await app.synced();
    await provenGood(app);
    await app.push({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": job("crash", "false") });
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Degraded"));
    expect(await held(app, "done")).toMatchObject({ reason: "it is Degraded", to: { id: 2 } });
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
    await eventually(async () => expect(await app.live("batch/jobs/crash")).toBeUndefined());
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Healthy"));
  });

  it("goes back when it is still Progressing at the deadline", async ({ create }) => {
    const app = await create("slow", goingBack());
    await app.synced();
    await provenGood(app);
    await app.push({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": job("hang", "sleep infinity") });
    expect((await held(app, "done")).reason).toBe("it is Progressing 3s after it was synced");
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
  });

  it("goes back when the sync itself still waits at the deadline", async ({ create }) => {
    const app = await create("hanging", goingBack());
    await app.synced();
    await provenGood(app);
    const hook = job("hang", "sleep infinity", { annotations: { "argocd.argoproj.io/hook": "PostSync" } });
    await app.push({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": hook });
    expect((await held(app, "done")).reason).toContain(
      "it took too long, and was still waiting for completion",
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
  });

  it("stays where it is when a commit changes another place of the repository, and when what comes next cannot be rendered", async ({
    create,
  }) => {
    const app = await create(
      "elsewhere",
      goingBack({ source: { path: "app" }, files: { "app/a.yaml": configMap("a", { k: "good" }) } }),
    );
    await app.synced();
    await provenGood(app);
    const bad = { "app/a.yaml": configMap("a", { k: "bad" }), "app/b.yaml": impossible };
    await app.push(bad);
    await held(app, "done");
    const other = await app.push({ ...bad, "other/c.yaml": configMap("c") });
    await app.waitFor(({ status }) => expect(status?.sync?.revision).toBe(other));
    await app.push({ ...bad, "app/c.yaml": "apiVersion: v1\nkind: [\nmetadata:\n" });
    await app.patchLive("configmaps/a", { data: { k: "by hand" } });
    await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" }));
    expect((await app.conditions()).map((line) => line.split(":")[0])).toEqual([
      "ComparisonError",
      "RollbackWarning",
    ]);
    expect((await held(app, "done")).to.id).toBe(1);
    await app.push({ "app/a.yaml": configMap("a", { k: "better" }) });
    await app.synced();
  });

  it("says so when there is nothing to go back to", async ({ create }) => {
    const app = await create(
      "first",
      goingBack({ files: { "a.yaml": configMap("a"), "b.yaml": impossible } }),
    );
    await app.waitFor(async () =>
      expect(await app.conditions()).toContain(
        "RollbackWarning: Application/<hub>/<app>: the last sync failed and cannot be rolled back, because no deployment in its history is known to have been Healthy; commit a fix",
      ),
    );
    await app.push({ "a.yaml": configMap("a") });
    await app.synced();
    expect(await app.conditions()).toEqual([]);
  });

  it("is told what is wrong with the annotations", async ({ create }) => {
    const app = await create(
      "wrong",
      goingBack({ annotations: { "mooring.dev/rollback-on-failure": "yes" } }),
    );
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        'InvalidSpecError: Application/<hub>/<app>: metadata.annotations[mooring.dev/rollback-on-failure] is "yes"; write "true" (what was synced automatically), "all" (what people synced, too) or "false"',
      ]),
    );
  });
});

describe("what people sync", () => {
  it("is not rolled back, and ends a hold", async ({ create }) => {
    const app = await create("people", goingBack());
    await app.synced();
    await provenGood(app);
    const bad = await app.push({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": job("crash", "false") });
    await held(app, "done");
    expect(await app.sync({ revision: bad, prune: true })).toContain("Succeeded");
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Degraded"));
    const { metadata, status } = await app.waitFor(({ status: now }) =>
      expect(Date.now()).toBeGreaterThan(Date.parse(now?.health?.lastTransitionTime ?? "") + 5_000),
    );
    expect(metadata.annotations).not.toHaveProperty(["mooring.dev/rollback-hold"]);
    expect(status?.operationState?.syncResult?.revision).toBe(bad);
  });

  it("is rolled back where that is asked for, with automated sync or without", async ({ create }) => {
    const annotations = { "mooring.dev/rollback-on-failure": "all", "mooring.dev/rollback-deadline": "3s" };
    const app = await create("all", goingBack({ automated: false, annotations }));
    await app.sync();
    await app.synced();
    await provenGood(app);
    await app.push({ "a.yaml": configMap("a", { k: "bad" }), "b.yaml": job("crash", "false") });
    await app.sync({ prune: true });
    await held(app, "done");
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "good" });
    await eventually(async () => expect(await app.live("batch/jobs/crash")).toBeUndefined());
  });
});
