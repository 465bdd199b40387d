import { createServer } from "node:http";
import { describe, expect } from "vitest";
import { argo, configMap, eventually, job, newHub, plainIt as it } from "./fixture.ts";

const hanging = job("hang", "sleep infinity", {
  annotations: argo({ hook: "PreSync", "hook-delete-policy": "HookSucceeded" }),
});

describe("a status that another program wrote", () => {
  it("holds nothing up when it is nonsense: what cannot be read is taken off, and the inventory stays", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const app = await hub.app("nonsense", {
      automated: { prune: true },
      files: { "a.yaml": configMap("a"), "b.yaml": configMap("b"), "c.yaml": configMap("c") },
    });
    await hub.start();
    const { status } = await app.synced();
    await app.patch({
      status: {
        health: 7,
        history: "none",
        resources: [null, 1, ...(status?.resources ?? [])] as never,
        operationState: { startedAt: "yesterday", syncResult: "good" },
      },
    });
    await app.push({ "a.yaml": configMap("a"), "b.yaml": null, "c.yaml": configMap("c") });
    await app.synced();
    expect(await app.conditions()).toEqual([]);
    await eventually(async () => expect(await app.live("configmaps/b")).toBeUndefined());
    expect((await app.status()).history).toHaveLength(1);
    expect(hub.log.join("")).toContain("status.history");
  });

  it("does not keep an operation running that was taken off while no controller ran", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const app = await hub.app("abandoned", { files: { "a.yaml": configMap("a"), "b.yaml": hanging } });
    await hub.start();
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain("waiting for completion of hook batch/Job/hang"),
    );
    await hub.stop();
    await app.patch({ operation: null });
    await hub.start();
    await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined());
    expect(await app.lastResult()).toBe(
      [
        "Failed: Operation terminated",
        // After a restart nobody knows how far it had come.
        "ConfigMap/a : not applied yet",
        "PreSync Job/hang Synced: job.batch/hang created, Failed",
      ].join("\n"),
    );
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
  });

  it("does not stop automated syncs when it terminates an operation that has ended", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const app = await hub.app("late", { automated: true, files: { "a.yaml": configMap("a", { k: "1" }) } });
    await hub.start();
    await app.synced();
    await app.patch({ status: { operationState: { phase: "Terminating" } } });
    await app.push({ "a.yaml": configMap("a", { k: "2" }) });
    await app.synced();
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "2" });
    expect((await app.status()).operationState?.phase).toBe("Succeeded");
  });
});

describe("a sync that is taken back before the controller has said that it runs", () => {
  it("does not run", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const server = createServer((_request, response) => {
      asked.resolve();
      void answer.promise.then(() => response.writeHead(404).end());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as { readonly port: number };
    const app = await hub.app("back", { source: { repoURL: `http://127.0.0.1:${port}/slow.git` } });
    await app.startSync();
    await hub.start();
    await asked.promise;
    await app.patch({ operation: null });
    answer.resolve();
    const { status } = await app.waitFor((now) => expect(now.status?.conditions).toBeDefined());
    expect(status?.operationState).toBeUndefined();
    expect(hub.log.join("")).not.toContain("operation ended");
  });
});
