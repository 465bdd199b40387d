import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import {
  argo,
  callApi,
  configMap,
  customResourceDefinition,
  deployment,
  it,
} from "../application/fixture.ts";
import { appGet, ended, saying } from "./app-get.ts";

const inWave = (wave: number) => ({ annotations: argo({ "sync-wave": String(wave) }) });

describe("a definition and its resources in one commit", () => {
  it("are simply missing before the sync, and synced after it", async ({ create, hub, onTestFinished }) => {
    const id = randomBytes(4).toString("hex");
    const group = `${id}.example.com`;
    onTestFinished(async () => {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`;
      await callApi(hub.access, { method: "DELETE", path });
    });
    const app = await create("together", {
      files: {
        "gadget.yaml": { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name: "one" }, spec: {} },
        "definition.yaml": customResourceDefinition(group, "Gadget"),
      },
    });
    await app.waitFor(({ status }) => expect(status?.sync?.status).toBe("OutOfSync"));
    const read = async () => (await appGet(hub, app)).replaceAll(id, "<id>");
    expect(await read()).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  OutOfSync from main (<commit>)
      Health Status:  Missing

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      apiextensions.k8s.io  CustomResourceDefinition  gadgets.<id>.example.com  OutOfSync  Missing
      <id>.example.com  Gadget  <namespace>  one  OutOfSync  Missing
      "
    `);
    await app.sync();
    await app.synced();
    expect(await read()).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  Synced to main (<commit>)
      Health Status:  Healthy

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      apiextensions.k8s.io  CustomResourceDefinition  gadgets.<id>.example.com  Synced  Healthy  customresourcedefinition.apiextensions.k8s.io/gadgets.<id>.example.com created
      <id>.example.com  Gadget  <namespace>  one  Synced  gadget.<id>.example.com/one created
      "
    `);
  });
});

describe("three hundred objects in ten waves", () => {
  it("say how far they are, and what holds them up", async ({ create, hub }) => {
    const template = (ready: boolean) => ({
      metadata: {
        labels: { app: "gate" },
        ...(ready ? {} : { annotations: { "mooring.dev/simulate": "not-ready" } }),
      },
      spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
    });
    const files = (ready: boolean) => ({
      "gate.yaml": deployment("gate", { template: template(ready) }, inWave(4)),
      ...Object.fromEntries(
        Array.from({ length: 10 }, (_, wave) => [
          `wave-${wave}.yaml`,
          Array.from({ length: wave === 4 ? 29 : 30 }, (__, i) =>
            configMap(`w${wave}-${i}`, {}, inWave(wave)),
          ),
        ]),
      ),
    });
    const app = await create("waves", { files: files(false) });
    await app.startSync();
    await saying(
      app,
      "apps/Deployment/gate (Waiting for rollout to finish: 0 of 1 updated replicas are available",
    );
    const head = async () => (await appGet(hub, app)).split(/\n\n(?=GROUP)/u)[0];
    expect(await head()).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  OutOfSync from main (<commit>)
      Health Status:  Progressing

      Operation:  Sync
      Sync Revision:  <commit>
      Phase:  Running
      Start:  <moment>
      Finished:
      Message:  waiting for healthy state of apps/Deployment/gate (Waiting for rollout to finish: 0 of 1 updated replicas are available...) in Sync wave 4, step 5 of 10, since <time>; to stop it run: mooring app terminate-op <app>"
    `);
    await app.push(files(true));
    await app.patch({ status: { operationState: { phase: "Terminating" } } });
    await ended(app);
    await app.sync();
    await app.synced();
    expect(await head()).toMatchInlineSnapshot(`
      "Sync Policy:  Manual
      Sync Status:  Synced to main (<commit>)
      Health Status:  Healthy"
    `);
    expect((await app.status()).resources).toHaveLength(300);
  });
});
