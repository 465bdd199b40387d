import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import {
  argo,
  callApi,
  configMap,
  customResourceDefinition,
  eventually,
  gone,
  newHub,
  plainIt as it,
  type TestApplication,
  type TestHub,
} from "./fixture.ts";

const argocd = { "app.kubernetes.io/part-of": "argocd" };

const byPhase = `
hs = {}
if obj.spec.phase == "Ready" then
  hs.status = "Healthy"
  hs.message = obj.metadata.name:upper() .. " is ready"
else
  hs.status = "Progressing"
  hs.message = "in phase " .. obj.spec.phase
end
return hs
`;

async function settings(hub: TestHub, data: Readonly<Record<string, string>>): Promise<void> {
  await hub.create({ ...configMap("argocd-cm", data), metadata: { name: "argocd-cm", labels: argocd } });
}

async function changeSettings(hub: TestHub, data: Readonly<Record<string, string>>): Promise<void> {
  await callApi(hub.access, {
    method: "PATCH",
    path: `/api/v1/namespaces/${hub.namespace}/configmaps/argocd-cm`,
    contentType: "application/merge-patch+json",
    body: { data },
  });
}

/** A kind of the test's own, and what an object of it is at first. */
function customKind(kind: string) {
  const group = `g${randomBytes(4).toString("hex")}.mooring.test`;
  const object = (spec: JsonObject): JsonObject => ({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name: "one" },
    spec,
  });
  const path = (app: TestApplication) =>
    `/apis/${group}/v1/namespaces/${app.namespace}/${kind.toLowerCase()}s/one`;
  return { group, definition: customResourceDefinition(group, kind), object, path };
}

async function healthOf(app: TestApplication, kind: string) {
  const { resources = [] } = await app.status();
  return resources.find((resource) => resource.kind === kind)?.health;
}

describe("health checks of argocd-cm", () => {
  it("say how healthy a custom resource is, and the next wave waits for it", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const { group, definition, object, path } = customKind("Gizmo");
    await settings(hub, {
      "resource.customizations": `"*.mooring.test/*":\n  health.lua: return {status = "Degraded"}\n`,
      [`resource.customizations.health.${group}_Gizmo`]: byPhase,
      [`resource.customizations.useOpenLibs.${group}_Gizmo`]: "true",
    });
    await hub.start();
    const app = await hub.app("gizmo", {
      files: {
        "a.yaml": [definition, object({ phase: "Starting" })],
        "b.yaml": configMap("later", {}, { annotations: argo({ "sync-wave": "1" }) }),
      },
    });
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain(`waiting for healthy state of ${group}/Gizmo/one`),
    );
    expect(await app.live("configmaps/later")).toBeUndefined();
    await app.waitFor(({ status }) => expect(status?.health?.status).toBe("Progressing"));
    expect(await healthOf(app, "Gizmo")).toMatchObject({
      status: "Progressing",
      message: "in phase Starting",
    });
    await app.patchLive(path(app), { spec: { phase: "Ready" } });
    await app.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Succeeded"));
    expect(await app.live("configmaps/later")).toBeDefined();
    await app.waitFor(({ status }) => expect(status?.health?.status).toBe("Healthy"));
    expect(await healthOf(app, "Gizmo")).toMatchObject({ status: "Healthy", message: "ONE is ready" });
  });

  it("may be expressions, of which a wrong one is a matter of its own kind's applications", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const wrong = customKind("Wrongly");
    const sound = customKind("Rightly");
    const key = `mooring.health.${wrong.group}_Wrongly`;
    const byPhases = [
      "inProgress: spec.phase == 'Starting'",
      "failed: spec.phase == 'Broken'",
      "current: spec.phase == 'Ready'",
      "message: \"'in phase ' + spec.phase\"",
    ].join("\n");
    await settings(hub, {
      [key]: "current: specc.phase == 'Ready'",
      [`mooring.health.${sound.group}_Rightly`]: byPhases,
      [`resource.customizations.health.${sound.group}_Rightly`]: 'return {status = "Degraded"}',
    });
    await hub.start();
    const lost = await hub.app("lost", {
      automated: true,
      files: { "a.yaml": [wrong.definition, wrong.object({ phase: "Ready" })] },
    });
    const app = await hub.app("well", {
      files: {
        "a.yaml": [sound.definition, sound.object({ phase: "Starting" })],
        "b.yaml": configMap("later", {}, { annotations: argo({ "sync-wave": "1" }) }),
      },
    });
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain(
        `waiting for healthy state of ${sound.group}/Rightly/one`,
      ),
    );
    await app.patchLive(sound.path(app), { spec: { phase: "Ready" } });
    await app.waitFor(({ status }) => expect(status?.operationState?.phase).toBe("Succeeded"));
    await app.waitFor(({ status }) => expect(status?.health?.status).toBe("Healthy"));
    expect(await healthOf(app, "Rightly")).toMatchObject({ status: "Healthy", message: "in phase Ready" });

    await lost.waitFor(({ status }) => expect(status?.health?.status).toBe("Unknown"));
    expect(await healthOf(lost, "Wrongly")).toMatchObject({
      status: "Unknown",
      message: `health expressions ${key}: current: Unknown variable: specc, at character 1; there are apiVersion, kind, metadata, spec, status, data, self`,
    });
    await changeSettings(hub, { [key]: "current: spec.phase == 'Ready'" });
    await lost.waitFor(({ status }) => expect(status?.health?.status).toBe("Healthy"));
  });

  it("judge the hooks of a deletion, which waits for them", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const { group, definition, object, path } = customKind("Farewell");
    await settings(hub, {
      [`resource.customizations.health.${group}_Farewell`]: byPhase,
      [`resource.customizations.useOpenLibs.${group}_Farewell`]: "true",
    });
    await hub.start();
    const annotations = argo({ hook: "PreDelete", "hook-delete-policy": "HookSucceeded" });
    const app = await hub.app("parting", {
      automated: true,
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
      files: {
        "a.yaml": [definition, configMap("beside")],
        "b.yaml": { ...object({ phase: "Starting" }), metadata: { name: "one", annotations } },
      },
    });
    await app.synced();
    await app.remove();
    await eventually(async () =>
      expect((await app.conditions()).join()).toContain(
        `completion of PreDelete hook ${group}/Farewell/one (in phase Starting)`,
      ),
    );
    expect((await app.live(path(app)))?.metadata.finalizers).toEqual(["argocd.argoproj.io/hook-finalizer"]);
    expect((await app.live("configmaps/beside"))?.metadata.deletionTimestamp).toBeUndefined();
    await app.patchLive(path(app), { spec: { phase: "Ready" } });
    await gone(app);
    expect(await app.live("configmaps/beside")).toBeUndefined();
  });

  it("that never end make their own objects Unknown, and other applications go on", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    const endless = customKind("Looper");
    const sound = customKind("Sounder");
    const key = `resource.customizations.health.${endless.group}_Looper`;
    await settings(hub, {
      [key]: "while true do end",
      [`resource.customizations.health.${sound.group}_Sounder`]:
        'return {status = "Healthy", message = "fine"}',
    });
    await hub.start();
    const stuck = await hub.app("stuck", {
      automated: true,
      files: { "a.yaml": [endless.definition, endless.object({}), configMap("beside")] },
    });
    const other = await hub.app("other", {
      automated: true,
      files: { "a.yaml": [sound.definition, sound.object({})] },
    });
    await stuck.waitFor(({ status }) => expect(status?.health?.status).toBe("Unknown"), 40_000);
    expect(await healthOf(stuck, "Looper")).toMatchObject({
      status: "Unknown",
      message: `health script ${key}: it ran longer than 1000 ms and was ended; look for a loop without an end`,
    });
    await other.synced();
    expect(await healthOf(other, "Sounder")).toMatchObject({ status: "Healthy", message: "fine" });
    expect(await stuck.live("configmaps/beside")).toBeDefined();

    await changeSettings(hub, { [key]: 'return {status = "Suspended"}' });
    await eventually(async () =>
      expect(await healthOf(stuck, "Looper")).toMatchObject({ status: "Suspended" }),
    );
  });
});
