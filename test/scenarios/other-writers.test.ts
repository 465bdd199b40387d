import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { callApi, deployment, eventually, it } from "../application/fixture.ts";
import { startWebhook } from "./admission-webhook.ts";
import { appGet } from "./app-get.ts";

const validating = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

function autoscaler(minReplicas: number) {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas,
      maxReplicas: 5,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ],
    },
  };
}

function replicasOf(object: JsonObject | undefined): unknown {
  return (object?.["spec"] as JsonObject | undefined)?.["replicas"];
}

describe("an autoscaler that decides the replicas, which Git names, too", () => {
  it("is named as who changes them back, with what to do, which helps", async ({ create, hub }) => {
    const { replicas: _, ...withoutReplicas } = deployment("web").spec;
    const app = await create("scaled", {
      automated: { selfHeal: true },
      files: { "web.yaml": deployment("web", { replicas: 1 }), "hpa.yaml": autoscaler(3) },
    });
    await app.waitFor(
      async () => expect((await app.conditions()).join()).toContain("SelfHealWarning"),
      110_000,
    );
    const [told, ...others] = await app.conditions();
    expect([told, others]).toMatchInlineSnapshot(`
      [
        "SelfHealWarning: 2 self-heals in a row did not last. Deployment/<namespace>/web: spec.replicas is changed again by kube-controller-manager; remove it from Git, or list it in spec.ignoreDifferences with sync option RespectIgnoreDifferences=true, or stop who changes it",
        [],
      ]
    `);
    await app.push({
      "web.yaml": { ...deployment("web"), spec: withoutReplicas },
      "hpa.yaml": autoscaler(3),
    });
    await eventually(async () => expect(replicasOf(await app.live("apps/deployments/web"))).toBe(3), {
      timeoutMs: 40_000,
    });
    await app.waitFor(({ status }) =>
      expect([status?.sync?.status, status?.conditions]).toEqual(["Synced", undefined]),
    );
    await app.refresh();
    expect(replicasOf(await app.live("apps/deployments/web"))).toBe(3);
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Automated
      Sync Status:  Synced to main (<commit>)
      Health Status:  Healthy

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      autoscaling  HorizontalPodAutoscaler  <namespace>  web  Synced  Healthy  the HPA controller was able to update the target scale to 3
      apps  Deployment  <namespace>  web  Synced  Healthy  deployment.apps/web configured
      "
    `);
  }, 180_000);
});

describe("a webhook that injects a sidecar and writes another registry into images", () => {
  it("leaves the application in sync and unhealed", async ({ create, hub, onTestFinished }) => {
    const app = await create("mutated", { automated: { selfHeal: true } });
    const webhook = await startWebhook(hub, app, (object) => [
      {
        op: "replace",
        path: "/spec/template/spec/containers/0/image",
        value: "mirror.example/web:1",
      },
      ...(viewArray(object["spec"] as JsonObject, "template", "spec", "containers").length > 1
        ? []
        : [
            {
              op: "add" as const,
              path: "/spec/template/spec/containers/-",
              value: { name: "proxy", image: "mirror.example/proxy:1" },
            },
          ]),
    ]);
    onTestFinished(async () => webhook[Symbol.asyncDispose]());
    await app.push({ "web.yaml": deployment("web") });
    await app.synced();
    await app.refresh("hard");
    await app.synced();
    const live = await app.live("apps/deployments/web");
    expect(
      viewArray(live?.["spec"] as JsonObject, "template", "spec", "containers").map(
        (container) => (container as JsonObject)["image"],
      ),
    ).toEqual(["mirror.example/web:1", "mirror.example/proxy:1"]);
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Automated
      Sync Status:  Synced to main (<commit>)
      Health Status:  Healthy

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      apps  Deployment  <namespace>  web  Synced  Healthy  deployment.apps/web created
      "
    `);
    await app.push({ "web.yaml": deployment("web", { replicas: 2 }) });
    await app.synced();
    const { history, operationState } = await app.status();
    expect([history?.length, operationState?.operation.sync?.autoHealAttemptsCount]).toEqual([2, undefined]);
  });
});

function webhooks(name: string, clientConfig: JsonObject) {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name, annotations: { "cert-manager.io/inject-ca-from": "shop/serving" } },
    webhooks: [
      {
        name: "check.example.com",
        clientConfig: { service: { name: "check", namespace: "shop" }, ...clientConfig },
        rules: [
          { apiGroups: [name], apiVersions: ["v1"], resources: ["nothing"], operations: ["CREATE" as const] },
        ],
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
      },
    ],
  };
}

const caBundle = Buffer.from(createCertificateAuthority("cert-manager").certificate).toString("base64");

describe("a CA that cert-manager injects into a webhook configuration", () => {
  /** As the injector of cert-manager writes it. */
  const inject = async (hub: Parameters<typeof appGet>[0], name: string) =>
    callApi(hub.access, {
      method: "PATCH",
      path: `${validating}/${name}?fieldManager=cert-manager-cainjector`,
      contentType: "application/json-patch+json",
      body: [
        {
          op: "add",
          path: "/webhooks/0/clientConfig/caBundle",
          value: caBundle,
        },
      ] as unknown as JsonObject,
    });

  it("stays where Git says nothing of it, and is no difference", async ({ create, hub }) => {
    const app = await create("injected", { automated: { selfHeal: true } });
    await app.push({ "webhooks.yaml": webhooks(app.name, {}) });
    await app.synced();
    await inject(hub, app.name);
    await app.refresh();
    await app.synced();
    await app.push({ "webhooks.yaml": labelled(webhooks(app.name, {})) });
    await app.synced();
    const live = await callApi(hub.access, { path: `${validating}/${app.name}` });
    expect(live["webhooks"]).toMatchObject([{ clientConfig: { caBundle } }]);
    expect(await appGet(hub, app)).toMatchInlineSnapshot(`
      "Sync Policy:  Automated
      Sync Status:  Synced to main (<commit>)
      Health Status:  Healthy

      GROUP  KIND  NAMESPACE  NAME  STATUS  HEALTH  HOOK  MESSAGE
      admissionregistration.k8s.io  ValidatingWebhookConfiguration  <app>  Synced  validatingwebhookconfiguration.admissionregistration.k8s.io/<app> configured
      "
    `);
    await callApi(hub.access, { method: "DELETE", path: `${validating}/${app.name}` });
  });

  it("is told of where Git has a placeholder, and helped by ignoring it", async ({ create, hub }) => {
    const app = await create("placeholder", { automated: { selfHeal: true } });
    await app.push({ "webhooks.yaml": webhooks(app.name, { caBundle: "Cg==" }) });
    await app.synced();
    const isWarned = async () => (await app.conditions()).join().includes("SelfHealWarning");
    await eventually(
      async () => {
        if (!(await isWarned())) await inject(hub, app.name);
        expect(await isWarned()).toBe(true);
      },
      { timeoutMs: 60_000 },
    );
    expect(await app.conditions()).toMatchInlineSnapshot(`
      [
        "SelfHealWarning: 2 self-heals in a row did not last. ValidatingWebhookConfiguration/<app>: webhooks[name="check.example.com"].clientConfig.caBundle is changed again by cert-manager-cainjector; remove it from Git, or list it in spec.ignoreDifferences with sync option RespectIgnoreDifferences=true, or stop who changes it",
      ]
    `);
    const { name } = app;
    const clientConfig = ["/webhooks/0/clientConfig/caBundle"];
    await app.patch({
      spec: {
        ignoreDifferences: [
          {
            group: "admissionregistration.k8s.io",
            kind: "ValidatingWebhookConfiguration",
            jsonPointers: clientConfig,
          },
        ],
        syncPolicy: { syncOptions: ["RespectIgnoreDifferences=true"] },
      },
    });
    await inject(hub, name);
    await app.waitFor(({ status }) =>
      expect([status?.sync?.status, status?.conditions]).toEqual(["Synced", undefined]),
    );
    await app.push({ "webhooks.yaml": labelled(webhooks(name, { caBundle: "Cg==" })) });
    await app.synced();
    const live = await callApi(hub.access, { path: `${validating}/${name}` });
    expect(live["webhooks"]).toMatchObject([{ clientConfig: { caBundle } }]);
    await callApi(hub.access, { method: "DELETE", path: `${validating}/${name}` });
  });
});

function labelled(object: ReturnType<typeof webhooks>) {
  return { ...object, metadata: { ...object.metadata, labels: { tier: "front" } } };
}
