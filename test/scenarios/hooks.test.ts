import { describe, expect } from "vitest";
import { argo, configMap, it, job } from "../application/fixture.ts";
import { appGet, ended, saying } from "./app-get.ts";

const hook = (type: string) => ({ annotations: argo({ hook: type }) });

describe("somebody who looks at an application", () => {
  it("whose PreSync job fails reads which job it was and what it said", async ({ create, hub }) => {
    const app = await create("presync", {
      automated: true,
      files: { "a.yaml": configMap("a"), "b.yaml": job("migrate", "exit 3", hook("PreSync")) },
      spec: { syncPolicy: { automated: {}, retry: { limit: 0 } } },
    });
    await ended(app);
    await app.waitFor(async () => expect(await app.conditions()).not.toEqual([]));
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Automated
      Sync Status:  OutOfSync from main (<commit>)
      Health Status:  Missing

      Operation:  Sync
      Sync Revision:  <commit>
      Phase:  Failed
      Start:  <moment>
      Finished:  <moment>
      Duration:  <duration>
      Message:  one or more synchronization tasks completed unsuccessfully, reason: batch/Job/migrate is Degraded: Job has reached the specified backoff limit; for its log run: kubectl logs -n <namespace> job/migrate

      CONDITION  MESSAGE  LAST TRANSITION
      SyncError  failed last sync attempt to <commit>: one or more synchronization tasks completed unsuccessfully, reason: batch/Job/migrate is Degraded: Job has reached the specified backoff limit; for its log run: kubectl logs -n <namespace> job/migrate; sync by hand, or commit a change  <moment>

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
             ConfigMap  <namespace>  a  OutOfSync  Missing
      batch  Job  <namespace>  migrate  Failed  PreSync  job.batch/migrate created; Job has reached the specified backoff limit
      "
    `);
  });

  it("whose PostSync job hangs reads what is waited for, since when, and how to end it", async ({
    create,
    hub,
  }) => {
    const app = await create("postsync", {
      files: { "a.yaml": configMap("a"), "b.yaml": job("smoke-test", "sleep infinity", hook("PostSync")) },
    });
    await app.startSync();
    await saying(app, "waiting for completion of hook");
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  Synced to main (<commit>)
      Health Status:  Healthy

      Operation:  Sync
      Sync Revision:  <commit>
      Phase:  Running
      Start:  <moment>
      Finished:
      Message:  waiting for completion of hook batch/Job/smoke-test in PostSync wave 0, step 2 of 2, since <time>; to stop it run: mooring app terminate-op <app>

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
             ConfigMap  <namespace>  a  Synced  configmap/a created
      batch  Job  <namespace>  smoke-test  Running  PostSync  job.batch/smoke-test created
      "
    `);
  });
});
