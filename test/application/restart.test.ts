import { describe, expect } from "vitest";
import { auditMark, readAuditLog } from "../control-plane/fixture.ts";
import { argo, configMap, eventually, job, newHub, plainIt as it } from "./fixture.ts";

const hook = (name: string, command: string, phase: string) =>
  job(name, command, {
    annotations: argo({
      hook: phase,
      "hook-delete-policy": "HookSucceeded",
    }),
  });

describe("a sync that controllers are restarted under twice", () => {
  it("runs no hook again, keeps what it has done in its result, and cleans its hooks up", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const app = await hub.app("restarted", {
      files: {
        "a.yaml": [hook("first", "true", "PreSync"), hook("second", "sleep 6", "Sync")],
        "b.yaml": [
          configMap("early", {}, { annotations: argo({ "sync-wave": "-5" }) }),
          configMap("late", {}, { annotations: argo({ "sync-wave": "5" }) }),
        ],
      },
    });
    const mark = await auditMark(hub.access.auditLogPath);
    await hub.start();
    await app.startSync();
    const waiting = { phase: "Running", message: expect.stringContaining("hook batch/Job/second") as string };
    for (const _restart of [1, 2]) {
      await app.waitFor(({ status }) => expect(status?.operationState).toMatchObject(waiting));
      await hub.stop();
      const before = await auditMark(hub.access.auditLogPath);
      await hub.start();
      // The next controller has written down how far it is.
      await eventually(async () => {
        const { entries } = await readAuditLog(hub.access.auditLogPath, before);
        const writes = entries.filter(
          ({ resource, name, verb }) => resource === "applications" && name === app.name && verb === "patch",
        );
        expect(writes.length).toBeGreaterThan(0);
      });
    }
    await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined());
    expect(await app.lastResult()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/early Synced: configmap/early created",
        "ConfigMap/late Synced: configmap/late created",
        "Job/second Synced: job.batch/second created, Succeeded",
        "PreSync Job/first Synced: job.batch/first created, Succeeded",
      ].join("\n"),
    );
    await eventually(async () => {
      const { entries } = await readAuditLog(hub.access.auditLogPath, mark);
      const created = entries
        .filter(({ namespace, resource, status }) => {
          return namespace === app.namespace && resource === "jobs" && status === 201;
        })
        .map(({ name }) => name);
      expect(created).toEqual(["first", "second"]);
    });
    await eventually(async () => expect(await app.live("batch/jobs/second")).toBeUndefined());
  });
});

describe("a sync that is terminated while no controller runs", () => {
  it("ends when one starts, and its running hook is removed", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const app = await hub.app("ended", {
      files: { "a.yaml": configMap("a"), "b.yaml": hook("hang", "sleep infinity", "PreSync") },
    });
    await hub.start();
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain("waiting for completion of hook batch/Job/hang"),
    );
    await hub.stop();
    await app.patch({
      status: { operationState: { phase: "Terminating", message: "operation is terminating" } },
    });
    await hub.start();
    const { operation } = await app.waitFor(({ status }) =>
      expect(status?.operationState?.finishedAt).toBeDefined(),
    );
    expect(operation).toBeUndefined();
    expect(await app.lastResult()).toBe(
      [
        "Failed: Operation terminated",
        // After a restart nobody knows how far it had come.
        "ConfigMap/a : not applied yet",
        "PreSync Job/hang Synced: job.batch/hang created, Failed",
      ].join("\n"),
    );
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("removes a hook that was started and not yet spoken of", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const app = await hub.app("unsaid", { files: { "b.yaml": hook("hang", "sleep infinity", "PreSync") } });
    const controller = hub.startProcess();
    await controller.ready;
    await app.waitFor(({ status }) => expect(status?.sync?.status).toBeDefined());
    await app.startSync();
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeDefined(), { intervalMs: 10 });
    await controller.kill();
    expect((await app.status()).operationState?.syncResult?.resources ?? []).toEqual([]);
    await app.patch({
      status: { operationState: { phase: "Terminating", message: "operation is terminating" } },
    });
    await hub.start();
    await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined());
    expect(await app.lastResult()).toBe("Failed: Operation terminated");
    await eventually(async () => expect(await app.live("batch/jobs/hang")).toBeUndefined());
  });
});
