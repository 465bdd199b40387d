import { describe, expect } from "vitest";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import {
  callApi,
  configMap,
  deployment,
  eventually,
  it,
  type TestApplication,
  type TestHub,
} from "./fixture.ts";

const selfHeal = { automated: { selfHeal: true } } as const;
const respect = ["RespectIgnoreDifferences=true"];
const web = "apps/deployments/web";
const replicasIgnored = [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }];

/** Scales as an autoscaler does. */
async function scale({ access }: TestHub, { namespace }: TestApplication, replicas: number): Promise<void> {
  await callApi(access, {
    method: "PATCH",
    path: `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale?fieldManager=autoscaler`,
    contentType: "application/merge-patch+json",
    body: { spec: { replicas } },
  });
}

function editWebAs(manager: string, { access }: TestHub, { namespace }: TestApplication) {
  return async (body: JsonObject): Promise<void> => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web?fieldManager=${manager}`;
    await callApi(access, { method: "PATCH", path, contentType: "application/merge-patch+json", body });
  };
}

async function replicasOf(app: TestApplication): Promise<JsonValue | undefined> {
  return viewPath(await app.live(web), "spec", "replicas");
}

function ownersOf(object: KubeObject | undefined, ...field: readonly string[]): readonly string[] {
  const path = field.map((name) => `f:${name}`);
  return viewArray(object?.metadata as JsonObject, "managedFields")
    .filter((entry) => viewPath(entry, "fieldsV1", ...path) !== undefined)
    .map((entry) => viewString(entry, "manager") ?? "");
}

/** Waits until a look after this moment has found the application as it is. */
async function looked(app: TestApplication): Promise<string> {
  await app.refresh();
  return app.state();
}

describe("replicas that an autoscaler sets", () => {
  it("stay as they are through syncs, self-heals and what Git says, and are not taken over", async ({
    create,
    hub,
  }) => {
    const of = (spec: JsonObject, labels = {}) => ({ "web.yaml": deployment("web", spec, { labels }) });
    const app = await create("hpa", {
      ...selfHeal,
      files: of({ replicas: 2 }),
      syncOptions: respect,
      spec: { ignoreDifferences: replicasIgnored },
    });
    await app.synced();
    expect(await replicasOf(app)).toBe(2);
    await scale(hub, app, 4);
    expect(await looked(app)).toMatch(/^Synced /u);
    await app.synced();
    expect(await app.sync()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "Deployment/web Synced: deployment.apps/web unchanged",
      ].join("\n"),
    );
    await app.push(of({ replicas: 1 }, { tier: "front" }));
    await app.synced();
    expect((await app.live(web))?.metadata.labels).toEqual({ tier: "front" });
    expect(await replicasOf(app)).toBe(4);
    await app.push(of({ replicas: null }, { tier: "back" }));
    await app.synced();
    expect(await replicasOf(app)).toBe(4);
    await app.patchLive(web, { metadata: { labels: { tier: "by-hand" } } });
    await eventually(async () => expect((await app.live(web))?.metadata.labels).toEqual({ tier: "back" }));
    const live = await app.live(web);
    expect(viewPath(live, "spec", "replicas")).toBe(4);
    expect(ownersOf(live, "spec", "replicas")).toEqual(["autoscaler"]);
  });

  it("stay although only Mooring has ever set them, also once Git does not name them any more", async ({
    create,
  }) => {
    const of = (spec: JsonObject, labels = {}) => ({ "web.yaml": deployment("web", spec, { labels }) });
    const app = await create("hpa", {
      files: of({ replicas: 3 }),
      automated: true,
      syncOptions: respect,
      spec: { ignoreDifferences: replicasIgnored },
    });
    await app.synced();
    await app.push(of({ replicas: 1 }, { tier: "front" }));
    await app.synced();
    expect((await app.live(web))?.metadata.labels).toEqual({ tier: "front" });
    expect(await replicasOf(app)).toBe(3);
    const { replicas: _, ...spec } = deployment("web").spec;
    await app.push({ "web.yaml": { ...deployment("web", {}, { labels: { tier: "back" } }), spec } });
    await app.synced();
    const live = await app.live(web);
    expect(live?.metadata.labels).toEqual({ tier: "back" });
    expect(viewPath(live, "spec", "replicas")).toBe(3);
    expect(ownersOf(live, "spec", "replicas")).toEqual(["argocd-controller"]);
  });

  it("are undone by a sync without RespectIgnoreDifferences, but not by self-heal", async ({
    create,
    hub,
  }) => {
    const app = await create("hpa", {
      ...selfHeal,
      files: { "web.yaml": deployment("web", { replicas: 2 }) },
      spec: { ignoreDifferences: replicasIgnored },
    });
    await app.synced();
    await scale(hub, app, 4);
    expect(await looked(app)).toMatch(/^Synced /u);
    await app.synced();
    expect(await replicasOf(app)).toBe(4);
    expect((await app.status()).operationState?.operation.sync?.autoHealAttemptsCount).toBeUndefined();
    await app.sync();
    expect(await replicasOf(app)).toBe(2);
  });

  it("are kept by a replace, too", async ({ create, hub }) => {
    const app = await create("hpa", {
      files: { "web.yaml": deployment("web", { replicas: 2 }) },
      automated: true,
      syncOptions: [...respect, "Replace=true"],
      spec: { ignoreDifferences: replicasIgnored },
    });
    await app.synced();
    await scale(hub, app, 4);
    await app.push({ "web.yaml": deployment("web", { replicas: 1 }, { labels: { tier: "front" } }) });
    await app.synced();
    expect((await app.live(web))?.metadata.labels).toEqual({ tier: "front" });
    expect(await replicasOf(app)).toBe(4);
  });
});

describe("what another manager writes", () => {
  it("is left alone in fields that it owns, when it is trusted, and undone elsewhere", async ({
    create,
    hub,
  }) => {
    const app = await create("webhook", {
      ...selfHeal,
      files: { "web.yaml": deployment("web", { replicas: 1, minReadySeconds: 1 }) },
      syncOptions: respect,
      spec: { ignoreDifferences: [{ group: "*", kind: "*", managedFieldsManagers: ["injector"] }] },
    });
    await app.synced();
    const mirrored = [{ name: "main", image: "mirror.example/web:1" }];
    const sidecar = { name: "proxy", image: "mirror.example/proxy:1" };
    await editWebAs(
      "injector",
      hub,
      app,
    )({ spec: { template: { spec: { containers: [...mirrored, sidecar] } } } });
    await app.synced();
    expect(await looked(app)).toMatch(/^Synced /u);
    await editWebAs("somebody", hub, app)({ spec: { minReadySeconds: 3 } });
    await eventually(async () => expect(viewPath(await app.live(web), "spec", "minReadySeconds")).toBe(1));
    await app.synced();
    const containers = viewArray(await app.live(web), "spec", "template", "spec", "containers");
    expect(containers.map((one) => viewObject(one)["image"])).toEqual([
      "mirror.example/web:1",
      sidecar.image,
    ]);
  });
});

describe("a CA bundle that a controller injects", () => {
  it("is neither drift nor undone", async ({ create, hub }) => {
    const placeholder = "Cg==";
    const injected = Buffer.from("-----BEGIN CERTIFICATE-----\n").toString("base64");
    const app = await create("ca", {
      ...selfHeal,
      syncOptions: respect,
      spec: {
        ignoreDifferences: [
          {
            group: "admissionregistration.k8s.io",
            kind: "ValidatingWebhookConfiguration",
            jsonPointers: ["/webhooks/0/clientConfig/caBundle"],
          },
        ],
      },
    });
    const { name } = app;
    const webhook = (failurePolicy: string) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name },
      webhooks: [
        {
          name: "check.example.com",
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy,
          clientConfig: { service: { name, namespace: app.namespace }, caBundle: placeholder },
          rules: [
            {
              apiGroups: [`${name}.example`],
              apiVersions: ["v1"],
              resources: ["none"],
              operations: ["CREATE"],
            },
          ],
        },
      ],
    });
    const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`;
    await app.push({ "webhook.yaml": webhook("Fail") });
    await app.synced();
    const live = () => callApi<KubeObject>(hub.access, { path });
    const bundle = async () => viewPath(viewArray(await live(), "webhooks")[0], "clientConfig", "caBundle");
    expect(await bundle()).toBe(placeholder);
    await callApi(hub.access, {
      method: "PATCH",
      path: `${path}?fieldManager=cainjector`,
      contentType: "application/json-patch+json",
      body: [
        { op: "replace", path: "/webhooks/0/clientConfig/caBundle", value: injected },
      ] as unknown as JsonObject,
    });
    expect(await looked(app)).toBe("Synced Healthy");
    await app.push({ "webhook.yaml": webhook("Ignore") });
    await app.synced();
    expect(viewPath(viewArray(await live(), "webhooks")[0], "failurePolicy")).toBe("Ignore");
    expect(await bundle()).toBe(injected);
    await callApi(hub.access, { method: "DELETE", path });
  });
});

describe("differences that argocd-cm names", () => {
  it("are ignored in every application, while others are undone", async ({ create, hub }) => {
    await hub.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
      data: {
        "resource.customizations.ignoreDifferences.ConfigMap": "jsonPointers: [/data/stamp]",
        "resource.customizations.ignoreResourceUpdates.all": "jsonPointers: [/data/beat]",
      },
    });
    const app = await create("system", {
      ...selfHeal,
      files: { "a.yaml": configMap("a", { k: "1", stamp: "git" }) },
    });
    await app.synced();
    await app.patchLive("configmaps/a", { data: { stamp: "live" } });
    expect(await looked(app)).toBe("Synced Healthy");
    await app.patchLive("configmaps/a", { data: { k: "2" } });
    await eventually(async () =>
      expect((await app.live("configmaps/a"))?.["data"]).toMatchObject({ k: "1" }),
    );
  });
});

describe("a rule that cannot be read", () => {
  it("stops the comparison of its application only, and names the field", async ({ create }) => {
    const files = { "a.yaml": configMap("a", { k: "1" }) };
    const rule = (more: object) => ({
      spec: {
        ignoreDifferences: [
          { kind: "ConfigMap", jsonPointers: ["/data/b"] },
          { kind: "ConfigMap", ...more },
        ],
      },
    });
    const [pointer, expression, good] = await Promise.all([
      create("pointer", { ...selfHeal, files, ...rule({ jsonPointers: ["data/k"] }) }),
      create("jq", { ...selfHeal, files, ...rule({ jqPathExpressions: [".data.a", ".data["] }) }),
      create("good", { ...selfHeal, files, ...rule({ jsonPointers: ["/data/k"] }) }),
    ]);
    await good.synced();
    const said = async (app: TestApplication) => {
      await app.waitFor(({ status }) => expect(status?.conditions).toHaveLength(1));
      return [await app.state(), ...(await app.conditions())];
    };
    expect(await said(pointer)).toEqual([
      "Unknown -",
      'ComparisonError: Application/<hub>/<app>: spec.ignoreDifferences[1].jsonPointers[0]: "data/k" is no JSON pointer; begin it with a slash, as in /spec/replicas',
    ]);
    expect(await said(expression)).toEqual([
      "Unknown -",
      expect.stringMatching(
        /^ComparisonError: Application\/<hub>\/<app>: spec\.ignoreDifferences\[1\]\.jqPathExpressions\[\d\]: ".*" does not run: .*; correct the expression/u,
      ),
    ]);
    expect(await expression.live("configmaps/a")).toBeUndefined();
    expect(await good.live("configmaps/a")).toBeDefined();
  });
});
