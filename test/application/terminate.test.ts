import { describe, expect } from "vitest";
import { argo, configMap, deployment, eventually, it, job, type TestApplication } from "./fixture.ts";
import { register } from "./registered-cluster.ts";
import { startSlowProxy } from "./slow-proxy.ts";

const hook = (type: string) => ({ annotations: argo({ hook: type }) });
/** A second, and what a busy machine adds. */
const soonMs = 2_500;

/** Terminates the operation as `argocd app terminate-op` does; gives what the Application says when it has ended. */
async function terminate(app: TestApplication): Promise<string> {
  await app.patch({ status: { operationState: { phase: "Terminating" } } });
  const { operation } = await app.waitFor(
    ({ status }) => expect(status?.operationState?.finishedAt).toBeDefined(),
    soonMs,
  );
  expect(operation).toBeUndefined();
  return app.lastResult();
}

const saying = (text: string) => (app: Awaited<ReturnType<TestApplication["read"]>>) =>
  expect(app.status?.operationState?.message).toContain(text);

describe("an operation that is terminated ends within a second and says what it did", () => {
  it("while a PostSync hook hangs", async ({ create }) => {
    const app = await create("postsync", {
      files: { "a.yaml": configMap("a"), "b.yaml": job("hang", "sleep infinity", hook("PostSync")) },
    });
    await app.startSync();
    await app.waitFor(saying("waiting for completion of hook batch/Job/hang"));
    expect(await terminate(app)).toBe(
      [
        "Failed: Operation terminated",
        "ConfigMap/a Synced: configmap/a created",
        "PostSync Job/hang Synced: job.batch/hang created, Failed",
      ].join("\n"),
    );
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
  });

  it("while an object does not become healthy", async ({ create }) => {
    const stuck = deployment("stuck", {
      template: {
        metadata: { labels: { app: "stuck" }, annotations: { "mooring.dev/simulate": "not-ready" } },
        spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
      },
    });
    const later = configMap("later", {}, { annotations: argo({ "sync-wave": "1" }) });
    const app = await create("unhealthy", { files: { "a.yaml": stuck, "b.yaml": later } });
    await app.startSync();
    await app.waitFor(saying("waiting for healthy state of apps/Deployment/stuck"));
    const message = (await app.status()).operationState?.message ?? "";
    expect(app.plain(message)).toMatch(/, since <time>; to stop it run: mooring app terminate-op <app>$/u);
    expect(await terminate(app)).toBe(
      ["Failed: Operation terminated", "Deployment/stuck Synced: deployment.apps/stuck created"].join("\n"),
    );
    expect(await app.live("configmaps/later")).toBeUndefined();
  });

  it("while what is pruned is held by a finalizer", async ({ create }) => {
    const app = await create("pruning", {
      files: {
        "a.yaml": [configMap("a"), configMap("kept", {}, { annotations: argo({ "sync-wave": "1" }) })],
        "b.yaml": [configMap("c"), configMap("d"), configMap("e")],
      },
    });
    await app.sync();
    await app.patchLive("configmaps/kept", { metadata: { finalizers: ["example.com/hold"] } });
    await app.push({ "b.yaml": [configMap("c"), configMap("d"), configMap("e")], "a.yaml": null });
    await app.startSync({ prune: true });
    await app.waitFor(
      saying(
        "waiting for deletion of ConfigMap/kept (Pending deletion), which example.com/hold in its metadata.finalizers holds",
      ),
    );
    expect(await terminate(app)).toMatch(/^Failed: Operation terminated\n/u);
    expect(await app.live("configmaps/a")).toBeDefined();
    await app.patchLive("configmaps/kept", { metadata: { finalizers: null } });
  });

  it("while a repository is rendered that never comes to an end", async ({ create }) => {
    const files = { "a.yaml": configMap("a") };
    const app = await create("render", { files });
    await app.sync();
    const loop = await app.commit({
      "loop.jsonnet":
        "local r = std.range(1, 9999); std.length([1 for x in r for y in r for z in r if x < 0])",
    });
    await app.commit(files);
    await app.startSync({ revision: loop });
    await app.waitFor(saying("reading and rendering what Git wants, since "));
    expect(await terminate(app)).toMatch(/^Failed: Operation terminated/u);
  });

  it("while its cluster hangs in the middle of an apply, and while the application is looked at", async ({
    create,
    hub,
    onTestFinished,
  }) => {
    const proxy = await startSlowProxy(new URL(hub.access.server));
    onTestFinished(async () => proxy[Symbol.asyncDispose]());
    await register(hub, { name: "slow", server: `https://127.0.0.1:${proxy.port}` });
    const files = { "a.yaml": configMap("a"), "b.yaml": job("hang", "sleep infinity", hook("PreSync")) };
    const app = await create("slow", {
      files: { "a.yaml": configMap("a") },
      destination: { server: "", name: "slow" },
    });
    await app.sync();
    await app.push({ "a.yaml": configMap("a", { k: "2" }) });
    proxy.freeze();
    await app.startSync();
    await app.waitFor(saying("running Sync wave 0: ConfigMap/"));
    expect(await terminate(app)).toMatch(/^Failed: Operation terminated/u);
    proxy.thaw();
    await app.push(files);
    await app.startSync();
    await app.waitFor(saying("waiting for completion of hook batch/Job/hang"));
    proxy.freeze();
    await app.patch({ status: { operationState: { phase: "Terminating" } } });
    await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined(), 8_000);
    expect(await app.lastResult()).toBe(
      [
        "Failed: Operation terminated",
        "PreSync Job/hang Synced: job.batch/hang created; could not be removed: the cluster does not answer within 5 s; it may still run, delete it by hand, Running",
      ].join("\n"),
    );
    proxy.thaw();
  });
});
