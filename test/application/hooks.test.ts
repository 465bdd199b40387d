import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { auditMark, readAuditLog } from "../control-plane/fixture.ts";
import {
  argo,
  callApi,
  configMap,
  customResourceDefinition,
  deployment,
  eventually,
  it,
  job,
  namespaceManifest,
  type TestApplication,
  type TestHub,
} from "./fixture.ts";

const wave = (number: number) => ({ annotations: argo({ "sync-wave": String(number) }) });
const hook = (type: string, more: Readonly<Record<string, string>> = {}) => ({
  annotations: argo({ hook: type, ...more }),
});

/** What was written in an application's namespace since a mark, in order: `patch deployments/web`. */
async function writesSince(mark: number, app: TestApplication, hub: TestHub): Promise<readonly string[]> {
  const { entries } = await readAuditLog(hub.access.auditLogPath, mark);
  return entries
    .filter(({ userAgent, namespace, verb }) => {
      const ours = userAgent.startsWith("mooring") && namespace === app.namespace;
      return ours && ["create", "patch", "update", "delete"].includes(verb);
    })
    .filter(({ requestUri }) => !requestUri.includes("dryRun"))
    .map(({ verb, resource, name, status }) => `${verb} ${resource}/${name} ${status}`);
}

describe("the order of a sync", () => {
  it("follows phases and waves, and waits for the health of each wave", async ({ create, hub }) => {
    const slow = deployment("slow", {}, wave(0));
    const template = {
      ...slow.spec.template,
      metadata: { ...slow.spec.template.metadata, annotations: { "mooring.dev/ready-after": "1s" } },
    };
    const app = await create("waves", {
      files: {
        "all.yaml": [
          configMap("last", {}, wave(5)),
          { ...slow, spec: { ...slow.spec, template } },
          configMap("first", {}, wave(-1)),
          job("before", "true", hook("PreSync")),
          job("after", "true", hook("PostSync")),
        ],
      },
    });
    const mark = await auditMark(hub.access.auditLogPath);
    expect(await app.sync()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/first Synced: configmap/first created",
        "ConfigMap/last Synced: configmap/last created",
        "Deployment/slow Synced: deployment.apps/slow created",
        "PostSync Job/after Synced: job.batch/after created, Succeeded",
        "PreSync Job/before Synced: job.batch/before created, Succeeded",
      ].join("\n"),
    );
    await eventually(async () =>
      expect(await writesSince(mark, app, hub)).toEqual([
        "patch jobs/before 201",
        // Its result was seen: our finalizer goes.
        "patch jobs/before 200",
        "patch configmaps/first 201",
        "patch deployments/slow 201",
        "patch configmaps/last 201",
        "patch jobs/after 201",
        "patch jobs/after 200",
      ]),
    );
    const status = (await app.live("apps/deployments/slow"))?.["status"];
    const last = await app.live("configmaps/last");
    const available = (
      status as unknown as { conditions: { type: string; lastTransitionTime: string }[] }
    ).conditions.find(({ type }) => type === "Available");
    expect(last?.metadata.creationTimestamp?.localeCompare(available?.lastTransitionTime ?? "")).not.toBe(-1);
  });

  it("puts a definition before its resources and a namespace before its content", async ({ create }) => {
    const id = randomBytes(4).toString("hex");
    const group = `${id}.example.com`;
    const app = await create("together", {
      files: {
        "a.yaml": { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name: "one" }, spec: { size: 1 } },
        "b.yaml": customResourceDefinition(group, "Gadget", wave(3)),
        "c.yaml": configMap("inside", {}, { namespace: `together-${id}` }),
        "d.yaml": namespaceManifest(`together-${id}`, wave(4)),
      },
    });
    expect((await app.sync()).replaceAll(id, "<id>")).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/inside Synced: configmap/inside created",
        "CustomResourceDefinition/gadgets.<id>.example.com Synced: customresourcedefinition.apiextensions.k8s.io/gadgets.<id>.example.com created",
        "Gadget/one Synced: gadget.<id>.example.com/one created",
        "Namespace/together-<id> Synced: namespace/together-<id> created",
      ].join("\n"),
    );
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Healthy"));
    await app.push({ "README.md": "all gone" });
    await app.sync({ prune: true, syncOptions: ["AllowEmpty=true", "PrunePropagationPolicy=background"] });
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Healthy"));
  });

  it("creates the destination namespace with its metadata when asked to", async ({ create, hub }) => {
    const name = `created-${randomBytes(4).toString("hex")}`;
    const app = await create("creates", {
      automated: true,
      namespace: name,
      syncOptions: ["CreateNamespace=true"],
      spec: {
        syncPolicy: { managedNamespaceMetadata: { labels: { team: "web" }, annotations: { note: "1" } } },
      },
      files: { "a.yaml": configMap("a") },
    });
    await app.synced();
    const namespace = await app.live(`/api/v1/namespaces/${name}`);
    expect(namespace?.metadata).toMatchObject({ labels: { team: "web" }, annotations: { note: "1" } });
    expect((await app.status()).resources?.map(({ kind }) => kind)).toEqual(["ConfigMap"]);
    await callApi(hub.access, { method: "DELETE", path: `/api/v1/namespaces/${name}` });
  });
});

describe("a hook", () => {
  it("that fails stops the sync with its message, and SyncFail hooks run", async ({ create }) => {
    const app = await create("failing", {
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": job("check", "exit 3", hook("PreSync")),
        "c.yaml": job("alarm", "true", hook("SyncFail")),
      },
    });
    expect(await app.sync()).toBe(
      [
        "Failed: one or more synchronization tasks completed unsuccessfully, reason: batch/Job/check is Degraded: Job has reached the specified backoff limit; for its log run: kubectl logs -n <namespace> job/check",
        "PreSync Job/check Synced: job.batch/check created; Job has reached the specified backoff limit, Failed",
        "SyncFail Job/alarm Synced: job.batch/alarm created, Succeeded",
      ].join("\n"),
    );
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect((await app.status()).history).toBeUndefined();
  });

  it("is replaced at the next sync, or removed when its policy says so", async ({ create }) => {
    const files = {
      "a.yaml": configMap("a"),
      "b.yaml": job("each-time", "true", hook("PreSync")),
      "c.yaml": job("cleaned", "true", hook("PostSync", { "hook-delete-policy": "HookSucceeded" })),
    };
    const app = await create("again", { files });
    await app.sync();
    const before = await app.live("batch/jobs/each-time");
    await eventually(async () => expect(await app.live("batch/jobs/cleaned")).toBeUndefined());
    await app.push({ ...files, "a.yaml": configMap("a", { k: "2" }) });
    expect(await app.sync()).toMatch(/^Succeeded/u);
    const after = await app.live("batch/jobs/each-time");
    expect([before?.metadata.uid === undefined, after?.metadata.uid === before?.metadata.uid]).toEqual([
      false,
      false,
    ]);
    expect(await app.state()).toBe("Synced Healthy");
  });

  it("that hangs can be terminated within seconds, and is removed", async ({ create }) => {
    const app = await create("hanging", {
      files: { "a.yaml": configMap("a"), "b.yaml": job("hang", "sleep infinity", hook("PreSync")) },
    });
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState).toMatchObject({
        phase: "Running",
        message: expect.stringContaining("waiting for completion of hook batch/Job/hang") as string,
      }),
    );
    await app.patch({
      status: { operationState: { phase: "Terminating", message: "operation is terminating" } },
    });
    const { operation } = await app.waitFor(
      ({ status }) => expect(status?.operationState?.finishedAt).toBeDefined(),
      5_000,
    );
    expect(operation).toBeUndefined();
    expect(await app.lastResult()).toBe(
      ["Failed: Operation terminated", "PreSync Job/hang Synced: job.batch/hang created, Failed"].join("\n"),
    );
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("that hangs does not keep a new commit of an automated application out", async ({ create }) => {
    const app = await create("superseded", {
      automated: true,
      files: { "a.yaml": configMap("a"), "b.yaml": job("hang", "sleep infinity", hook("PreSync")) },
    });
    await app.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Running"));
    await app.push({ "a.yaml": configMap("a"), "b.yaml": job("hang", "true", hook("PreSync")) });
    await app.synced();
    expect(await app.lastResult()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/a Synced: configmap/a created",
        "PreSync Job/hang Synced: job.batch/hang created, Succeeded",
      ].join("\n"),
    );
    expect((await app.status()).history).toHaveLength(1);
  });
});
