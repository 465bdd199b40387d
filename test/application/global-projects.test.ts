import { describe, expect } from "vitest";
import { callApi, configMap, newHub, plainIt as it, type TestHub } from "./fixture.ts";

const argo = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject" };

async function createSettings(hub: TestHub): Promise<void> {
  await hub.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
    data: { globalProjects: "- projectName: base\n  labelSelector:\n    matchLabels: {tier: prod}\n" },
  });
}

describe("a global project", () => {
  it("is named where it is missing, lends its rules to the projects it selects, and takes them back", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    await createSettings(hub);
    const rules = { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] };
    await hub.create({ ...argo, metadata: { name: "selected", labels: { tier: "prod" } }, spec: rules });
    await hub.create({ ...argo, metadata: { name: "other" }, spec: rules });
    await hub.start();
    const settings = { automated: true, files: { "a.yaml": configMap("a") } };
    const [selected, other] = await Promise.all([
      hub.app("selected", { ...settings, spec: { project: "selected" } }),
      hub.app("other", { ...settings, spec: { project: "other" } }),
    ]);
    await Promise.all([selected.synced(), other.synced()]);
    expect(await selected.conditions()).toEqual([
      'GlobalProjectWarning: global project "base", which globalProjects in argocd-cm names for project "selected", does not exist; create the AppProject or correct globalProjects',
    ]);
    expect(await other.conditions()).toEqual([]);
    await hub.create({
      ...argo,
      metadata: { name: "base" },
      spec: {
        syncWindows: [{ kind: "deny", schedule: "* * * * *", duration: "1h", namespaces: ["*"] }],
        namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
      },
    });
    await selected.waitFor(async () => expect(await selected.conditions()).toEqual([]));
    for (const app of [selected, other]) await app.push({ "a.yaml": configMap("a", { k: "2" }) });
    await selected.waitFor(async () =>
      expect(await selected.conditions()).toEqual([
        'SyncWindowWarning: Application/<hub>/<app>: automated sync is blocked by sync window: deny "* * * * *" for 1h, spec.syncWindows[0] of AppProject base, is active; no opening is in sight',
      ]),
    );
    await other.synced();
    await callApi(hub.access, {
      method: "PATCH",
      path: `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/appprojects/base`,
      contentType: "application/merge-patch+json",
      body: { spec: { syncWindows: null } },
    });
    await selected.synced();
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "b" }, stringData: { k: "v" } };
    await selected.push({ "a.yaml": [configMap("a", { k: "3" }), secret] });
    await selected.waitFor(async () =>
      expect(await selected.lastResult()).toContain(
        'kind Secret is not permitted in project "selected" (spec.namespaceResourceBlacklist)',
      ),
    );
  });
});
