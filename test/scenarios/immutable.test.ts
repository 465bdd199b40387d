import { describe, expect } from "vitest";
import { argo, it, job, type Metadata } from "../application/fixture.ts";
import { openCli } from "../cli/run.ts";
import { appGet } from "./app-get.ts";

function database(storage: string, meta: Metadata = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", ...meta },
    spec: {
      serviceName: "db",
      replicas: 0,
      selector: { matchLabels: { app: "db" } },
      template: {
        metadata: { labels: { app: "db" } },
        spec: { containers: [{ name: "main", image: "registry.example/db:1" }] },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
        },
      ],
    },
  };
}

const force = { annotations: argo({ "sync-options": "Force=true" }) };

describe("a change that the cluster never allows", () => {
  it("of a Job is told with the field and with what to do, which helps", async ({ create, hub }) => {
    const app = await create("job", { files: { "job.yaml": job("once", "true") } });
    await app.sync();
    await app.synced();
    await app.push({ "job.yaml": job("once", "echo again") });
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  OutOfSync from main (<commit>)
      Health Status:  Healthy

      CONDITION  MESSAGE  LAST TRANSITION
      ComparisonError  Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again  <moment>

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      batch  Job  <namespace>  once  OutOfSync  Healthy  job.batch/once created
      "
    `);
    await app.sync();
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  OutOfSync from main (<commit>)
      Health Status:  Healthy

      Operation:  Sync
      Sync Revision:  <commit>
      Phase:  Failed
      Start:  <moment>
      Finished:  <moment>
      Duration:  <duration>
      Message:  one or more objects failed to apply, reason: Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again

      CONDITION  MESSAGE  LAST TRANSITION
      ComparisonError  Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again  <moment>

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      batch  Job  <namespace>  once  OutOfSync  Healthy  Job/<namespace>/once: spec.template: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: it runs again
      "
    `);
    await app.push({ "job.yaml": job("once", "echo again", force) });
    expect([await app.state(), await app.conditions()]).toEqual(["OutOfSync Healthy", []]);
    const { out } = await openCli(hub).run("app", "diff", app.name);
    expect(out.match(/^[#+-].*/gmu)).toEqual([
      "# it cannot be changed: a sync deletes it and creates it again, as Force=true says",
      "+    argocd.argoproj.io/sync-options: Force=true",
      '-        - "true"',
      "+        - echo again",
    ]);
    expect(await app.sync()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "Job/once Synced: job.batch/once created"].join(
        "\n",
      ),
    );
    await app.synced();
  });

  it("of a StatefulSet's claim templates is told with what may change and what deleting it would do", async ({
    create,
    hub,
  }) => {
    const app = await create("claims", { files: { "db.yaml": database("1Gi") } });
    await app.sync();
    await app.synced();
    await app.push({ "db.yaml": database("2Gi") });
    await app.sync();
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  OutOfSync from main (<commit>)
      Health Status:  Healthy

      Operation:  Sync
      Sync Revision:  <commit>
      Phase:  Failed
      Start:  <moment>
      Finished:  <moment>
      Duration:  <duration>
      Message:  one or more objects failed to apply, reason: StatefulSet/<namespace>/db: spec.volumeClaimTemplates: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods restart, and its claims stay as they are, unless persistentVolumeClaimRetentionPolicy.whenDeleted is Delete

      CONDITION  MESSAGE  LAST TRANSITION
      ComparisonError  StatefulSet/<namespace>/db: spec.volumeClaimTemplates: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods restart, and its claims stay as they are, unless persistentVolumeClaimRetentionPolicy.whenDeleted is Delete  <moment>

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      apps  StatefulSet  <namespace>  db  OutOfSync  Healthy  StatefulSet/<namespace>/db: spec.volumeClaimTemplates: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods restart, and its claims stay as they are, unless persistentVolumeClaimRetentionPolicy.whenDeleted is Delete
      "
    `);
    await app.push({ "db.yaml": database("2Gi", force) });
    expect(await app.sync()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "StatefulSet/db Synced: statefulset.apps/db created",
      ].join("\n"),
    );
    await app.synced();
  });
});
