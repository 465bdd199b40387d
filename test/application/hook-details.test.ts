import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import {
  argo,
  callApi,
  configMap,
  eventually,
  it,
  job,
  type TestApplication,
  type TestHub,
} from "./fixture.ts";

const hook = (type: string, more: Readonly<Record<string, string>> = {}) => ({
  annotations: argo({ hook: type, ...more }),
});

const shortLived = (manifest: ReturnType<typeof job>): JsonObject => ({
  ...manifest,
  spec: { ...manifest.spec, ttlSecondsAfterFinished: 0 },
});

async function jobsOf(app: TestApplication, hub: TestHub): Promise<readonly string[]> {
  const path = `/apis/batch/v1/namespaces/${app.namespace}/jobs`;
  const { items } = await callApi<{ items: { metadata: { name: string } }[] }>(hub.access, { path });
  return items
    .map(({ metadata }) =>
      metadata.name.replace(/[0-9a-f]{7}-(?<phase>[a-z]+)-\d+$/u, "<rev>-$<phase>-<time>"),
    )
    .toSorted();
}

describe("hooks", () => {
  it("that remove themselves when they have finished are waited for, and are gone then", async ({
    create,
  }) => {
    const app = await create("short", {
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": shortLived(job("good", "true", hook("PreSync"))),
        "c.yaml": shortLived(job("bad", "exit 1", hook("PostSync"))),
      },
    });
    expect(await app.sync()).toBe(
      [
        "Failed: one or more synchronization tasks completed unsuccessfully, reason: batch/Job/bad is Degraded: Job has reached the specified backoff limit",
        "ConfigMap/a Synced: configmap/a created",
        "PostSync Job/bad Synced: job.batch/bad created; Job has reached the specified backoff limit, Failed",
        "PreSync Job/good Synced: job.batch/good created, Succeeded",
      ].join("\n"),
    );
    await eventually(async () =>
      expect([await app.live("batch/jobs/good"), await app.live("batch/jobs/bad")]).toEqual([
        undefined,
        undefined,
      ]),
    );
  });

  it("with generateName get a new object for each sync and phase", async ({ create, hub }) => {
    const app = await create("generated", {
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": job("", "true", { ...hook("PreSync,PostSync"), generateName: "each-" }),
      },
    });
    expect(await app.sync()).toMatch(/^Succeeded/u);
    expect(await jobsOf(app, hub)).toEqual(["each-<rev>-postsync-<time>", "each-<rev>-presync-<time>"]);
    expect(await app.state()).toBe("Synced Healthy");
  });

  it("that would get the same name are refused instead of one being lost", async ({ create }) => {
    const each = (command: string) => job("", command, { ...hook("PreSync"), generateName: "each-" });
    const app = await create("same", {
      files: { "a.yaml": configMap("a"), "b.yaml": [each("true"), each("false")] },
    });
    expect((await app.sync()).replaceAll(/each-[0-9a-f]{7}-presync-\d+/gu, "each-<name>")).toBe(
      "Error: Job/<namespace>/each-<name>: rendered twice; remove one of the two or give it another name",
    );
  });

  it("are removed when the whole sync has ended, so that later ones can use them", async ({ create }) => {
    const policies = { "hook-delete-policy": "HookSucceeded" };
    const settings = configMap("settings", {}, hook("PreSync", { ...policies, "sync-wave": "-1" }));
    const uses = (command: string) => ({
      "a.yaml": settings,
      "b.yaml": job("uses", command, hook("PreSync", policies)),
      "c.yaml": configMap("c"),
    });
    const app = await create("used", { files: uses("sleep infinity") });
    await app.startSync();
    await eventually(async () => expect(await app.live("batch/jobs/uses")).toBeDefined());
    expect(await app.live("configmaps/settings")).toBeDefined();
    await app.waitFor(({ status }) => expect(status?.operationState?.message).toContain("batch/Job/uses"));
    await app.patch({ status: { operationState: { phase: "Terminating" } } });
    await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined());
    await eventually(async () =>
      expect([await app.live("configmaps/settings"), await app.live("batch/jobs/uses")]).toEqual([
        undefined,
        undefined,
      ]),
    );
    await app.push(uses("true"));
    expect(await app.sync()).toMatch(/^Succeeded/u);
    expect([await app.live("configmaps/settings"), await app.live("batch/jobs/uses")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("that nobody knows are never applied, and the plan says so", async ({ create }) => {
    const app = await create("unknown", {
      files: { "a.yaml": configMap("a"), "b.yaml": job("never", "true", hook("Presync")) },
    });
    expect(await app.sync()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "ConfigMap/a Synced: configmap/a created"].join(
        "\n",
      ),
    );
    expect(await app.live("batch/jobs/never")).toBeUndefined();
  });

  it("run in the order of their weights when a chart marked them", async ({ create }) => {
    const weighted = (type: string, weight: string) => ({
      annotations: { "helm.sh/hook": type, "helm.sh/hook-weight": weight },
    });
    const app = await create("weights", {
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": [
          job("late", "true", weighted("pre-install", "5")),
          job("early", "sleep 1", weighted("pre-install,pre-upgrade", "-5")),
        ],
      },
    });
    expect(await app.sync()).toMatch(/^Succeeded/u);
    const [early, late] = await Promise.all([app.live("batch/jobs/early"), app.live("batch/jobs/late")]);
    const { completionTime = "" } = (early?.["status"] ?? {}) as { completionTime?: string };
    expect(late?.metadata.creationTimestamp?.localeCompare(completionTime)).not.toBe(-1);
  });

  it("that somebody deletes while they run fail the sync and are let go of", async ({ create }) => {
    const app = await create("taken", {
      files: { "a.yaml": configMap("a"), "b.yaml": job("hang", "sleep infinity", hook("PreSync")) },
    });
    await app.startSync();
    await app.waitFor(({ status }) => expect(status?.operationState?.message).toContain("batch/Job/hang"));
    await app.removeLive("batch/jobs/hang");
    await app.waitFor(async () =>
      expect(await app.lastResult()).toBe(
        [
          "Failed: one or more synchronization tasks completed unsuccessfully, reason: batch/Job/hang was deleted while the sync waited for it",
          "PreSync Job/hang Synced: job.batch/hang created, Failed",
        ].join("\n"),
      ),
    );
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
  });
});
