import { describe, expect } from "vitest";
import { configMap, deployment, eventually, it } from "./fixture.ts";

/** A Deployment whose pods become ready, or never do. */
const workload = (name: string, simulate?: string) =>
  deployment(name, {
    template: {
      metadata: {
        labels: { app: name },
        ...(simulate === undefined ? {} : { annotations: { "mooring.dev/simulate": simulate } }),
      },
      spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
    },
  });

describe("what leaves Git together with a replacement for it", () => {
  it("is pruned when the replacement is healthy and not before, and a newer commit ends the wait", async ({
    create,
  }) => {
    const app = await create("replaced", {
      automated: { prune: true },
      files: { "a.yaml": workload("blue") },
    });
    await app.synced();
    await app.push({ "a.yaml": workload("green", "not-ready") });
    await app.waitFor(async ({ status }) =>
      expect(app.plain(status?.operationState?.message ?? "")).toMatch(
        /^waiting for healthy state of apps\/Deployment\/green .*, since <time>; to stop it commit a change, or run: mooring app terminate-op <app>$/u,
      ),
    );
    expect((await app.live("apps/deployments/blue"))?.metadata.deletionTimestamp).toBeUndefined();
    const { operationState: hanging } = await app.status();
    await app.push({ "a.yaml": workload("green") });
    await app.synced();
    expect((await app.status()).operationState?.startedAt).not.toBe(hanging?.startedAt);
    expect(await app.live("apps/deployments/blue")).toBeUndefined();
  });

  it("stays when the replacement fails, and goes at once with PruneBeforeHealthy=true", async ({
    create,
  }) => {
    const app = await create("insists", { files: { "a.yaml": workload("blue") } });
    await app.sync();
    await app.synced();
    const failing = deployment("green", {
      progressDeadlineSeconds: 1,
      template: {
        metadata: { labels: { app: "green" }, annotations: { "mooring.dev/simulate": "not-ready" } },
        spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
      },
    });
    await app.push({ "a.yaml": failing });
    expect(await app.sync({ prune: true })).toMatch(
      /^Failed: one or more synchronization tasks completed unsuccessfully, reason: apps\/Deployment\/green is Degraded/u,
    );
    expect(await app.live("apps/deployments/blue")).toBeDefined();
    const options = { prune: true, syncOptions: ["PruneBeforeHealthy=true"] };
    expect(await app.sync(options)).toContain("Deployment/blue Pruned: pruned");
    await eventually(async () => expect(await app.live("apps/deployments/blue")).toBeUndefined());
  });
});

it("lets most of an application be pruned for one sync, and asks again the next time", async ({ create }) => {
  const many = (from: number) =>
    Array.from({ length: 24 }, (_, i) => configMap(`m${from + i}`, { i: String(i) }));
  const app = await create("once", { files: { "a.yaml": many(0) } });
  await app.sync();
  const refused = /^Failed: .*would prune 24 of its \d+ objects.*set sync option AllowMassPrune=true$/u;
  await app.push({ "a.yaml": many(100) });
  expect((await app.sync({ prune: true })).split("\n")[0]).toMatch(refused);
  expect(await app.sync({ prune: true, syncOptions: ["AllowMassPrune=true"] })).toMatch(/^Succeeded/u);
  await app.synced();
  expect(await app.live("configmaps/m0")).toBeUndefined();
  await app.push({ "a.yaml": many(200) });
  expect((await app.sync({ prune: true })).split("\n")[0]).toMatch(refused);
  expect(await app.live("configmaps/m100")).toBeDefined();
});
