import { describe, expect } from "vitest";
import { configMap, deployment, eventually, it } from "./fixture.ts";

const selfHeal = { automated: { selfHeal: true } } as const;

describe("a change made by hand", () => {
  it("is undone with selfHeal, whatever it was", async ({ create }) => {
    const files = {
      "web.yaml": deployment("web", {}, { labels: { tier: "front" } }),
      "a.yaml": configMap("a", { k: "1" }),
      "b.yaml": configMap("b", { k: "1", l: "2" }),
    };
    const apps = await Promise.all(
      ["scaled", "deleted", "edited"].map((name) => create(name, { ...selfHeal, files })),
    );
    await Promise.all(apps.map((app) => app.synced()));
    const [scaled, deleted, edited] = apps;
    await scaled?.patchLive("apps/deployments/web", { spec: { replicas: 3 } });
    await deleted?.removeLive("configmaps/a");
    await edited?.patchLive("configmaps/b", { data: { k: "9", l: null } });
    await eventually(async () =>
      expect((await scaled?.live("apps/deployments/web"))?.["spec"]).toMatchObject({ replicas: 1 }),
    );
    await eventually(async () => expect((await deleted?.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }));
    await eventually(async () =>
      expect((await edited?.live("configmaps/b"))?.["data"]).toEqual({ k: "1", l: "2" }),
    );
    await Promise.all(apps.map((app) => app.synced()));
    expect(await edited?.lastResult()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "ConfigMap/b Synced: configmap/b configured"].join(
        "\n",
      ),
    );
    // Argo CD syncs only what drifted, and does not call that a deployment.
    expect((await edited?.status())?.history).toHaveLength(1);
  });

  it("stays where Git says nothing of the field", async ({ create }) => {
    const { replicas: _, ...spec } = deployment("web").spec;
    const app = await create("others", {
      ...selfHeal,
      files: {
        "web.yaml": { ...deployment("web"), spec },
        "a.yaml": configMap("a", { k: "1" }, { labels: { tier: "front" } }),
      },
    });
    await app.synced();
    await app.patchLive("apps/deployments/web", { spec: { replicas: 2 } });
    await app.patchLive("configmaps/a", {
      metadata: { labels: { theirs: "yes" }, annotations: { note: "kept" } },
      data: { more: "2" },
    });
    await app.refresh();
    await app.synced();
    const { metadata, ...rest } = (await app.live("configmaps/a")) ?? { metadata: {} };
    expect([metadata.labels, metadata.annotations?.["note"], rest]).toMatchObject([
      { tier: "front", theirs: "yes" },
      "kept",
      { data: { k: "1", more: "2" } },
    ]);
    expect((await app.live("apps/deployments/web"))?.["spec"]).toMatchObject({ replicas: 2 });
    expect((await app.status()).operationState?.operation.sync?.autoHealAttemptsCount).toBeUndefined();
  });

  it("is shown and not undone without selfHeal, until somebody syncs", async ({ create }) => {
    const app = await create("shown", { automated: true, files: { "a.yaml": configMap("a", { k: "1" }) } });
    await app.synced();
    await app.patchLive("configmaps/a", { data: { k: "2" } });
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Healthy"));
    await app.refresh();
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "2" });
    expect(await app.sync()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "ConfigMap/a Synced: configmap/a configured"].join(
        "\n",
      ),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" });
  });

  it("that comes back again and again is undone after growing waits", async ({ create }) => {
    const app = await create("fight", { ...selfHeal, files: { "a.yaml": configMap("a", { k: "1" }) } });
    await app.synced();
    const undone = async (attempt: number) => {
      await app.patchLive("configmaps/a", { data: { k: `by hand ${attempt}` } });
      await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }));
      const { status } = await app.waitFor(({ status: now }) =>
        expect(now?.operationState).toMatchObject({
          phase: "Succeeded",
          operation: { sync: { autoHealAttemptsCount: attempt } },
        }),
      );
      return status?.operationState;
    };
    const first = await undone(1);
    const second = await undone(2);
    const waitedMs = Date.parse(second?.startedAt ?? "") - Date.parse(first?.finishedAt ?? "");
    expect(waitedMs).toBeGreaterThanOrEqual(2_000);
    expect(waitedMs).toBeLessThan(6_000);
  });
});
