import { describe, expect, onTestFinished } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { argo, callApi, configMap, eventually, it, type TestApplication, type TestHub } from "./fixture.ts";

const policies = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies";
const bindings = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings";

const roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";

/** From now on the API server labels every ConfigMap that is written in the namespace, as a mutating webhook would. */
async function labelConfigMaps({ access }: TestHub, { name, namespace }: TestApplication): Promise<void> {
  const create = async (path: string, body: JsonObject) => {
    await callApi(access, { method: "POST", path, body });
    onTestFinished(async () => {
      await callApi(access, { method: "DELETE", path: `${path}/${name}` });
    });
  };
  const applyConfiguration = {
    expression: 'Object{metadata: Object.metadata{labels: {"injected": "yes"}}}',
  };
  await create(policies, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicy",
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [""],
            apiVersions: ["v1"],
            resources: ["configmaps"],
            operations: ["CREATE", "UPDATE"],
          },
        ],
      },
      mutations: [{ patchType: "ApplyConfiguration", applyConfiguration }],
      reinvocationPolicy: "Never",
    },
  });
  await create(bindings, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name },
    spec: {
      policyName: name,
      matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
    },
  });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  await eventually(async () => {
    const probe = await callApi(access, {
      method: "POST",
      path: `${path}?dryRun=All`,
      body: configMap("probe"),
    });
    expect(probe["metadata"]).toMatchObject({ labels: { injected: "yes" } });
  });
}

describe("compare option IgnoreExtraneous", () => {
  it("keeps what left Git from making the application OutOfSync, but still shows it as such", async ({
    create,
  }) => {
    const quiet = { annotations: argo({ "compare-options": "IgnoreExtraneous" }) };
    const files = { "a.yaml": configMap("a", { k: "1" }), "b.yaml": configMap("b", { k: "1" }, quiet) };
    const app = await create("extra", { automated: { prune: true, selfHeal: true }, files });
    await app.synced();
    await app.patch({ spec: { syncPolicy: { automated: null } } });
    await app.push({ "a.yaml": files["a.yaml"] });
    await app.waitFor(({ status }) =>
      expect(status?.resources).toMatchObject([
        { name: "a", status: "Synced" },
        { name: "b", status: "OutOfSync", requiresPruning: true },
      ]),
    );
    expect(await app.state()).toBe("Synced Healthy");
    await app.push({});
    await app.waitFor(({ status }) => expect(status?.sync?.status).toBe("OutOfSync"));
  });
});

describe("what admission would change", () => {
  it("is no difference unless the object asks for it with IncludeMutationWebhook=true", async ({
    create,
    hub,
  }) => {
    const asks = { annotations: argo({ "compare-options": "IncludeMutationWebhook=true" }) };
    const app = await create("admission", {
      files: {
        "plain.yaml": configMap("plain", { k: "1" }),
        "asks.yaml": configMap("asks", { k: "1" }, asks),
      },
    });
    await app.sync();
    await app.synced();
    await labelConfigMaps(hub, app);
    await app.refresh("hard");
    await app.waitFor(({ status }) =>
      expect(status?.resources).toMatchObject([
        { name: "asks", status: "OutOfSync" },
        { name: "plain", status: "Synced" },
      ]),
    );
    await app.sync();
    await app.synced();
    expect((await app.live("configmaps/asks"))?.metadata.labels).toEqual({ injected: "yes" });
    expect((await app.live("configmaps/plain"))?.metadata.labels).toBeUndefined();
  });

  it("that contradicts Git is no drift, and self-heal does not fight it", async ({ create, hub }) => {
    const app = await create("admission", {
      automated: { selfHeal: true },
      files: { "a.yaml": configMap("a", { k: "1" }) },
    });
    await app.synced();
    await labelConfigMaps(hub, app);
    await app.push({ "a.yaml": configMap("a", { k: "2" }, { labels: { injected: "no" } }) });
    await app.synced();
    expect((await app.live("configmaps/a"))?.metadata.labels).toEqual({ injected: "yes" });
    await app.refresh("hard");
    expect(await app.state()).toBe("Synced Healthy");
    expect((await app.status()).history).toHaveLength(2);
  });
});

describe("an aggregated ClusterRole", () => {
  it("is in sync with rules that its controller fills in, whatever Git says of them", async ({
    create,
    hub,
  }) => {
    const app = await create("roles", { automated: { selfHeal: true } });
    const { name } = app;
    onTestFinished(async () => {
      for (const role of [name, `${name}-part`])
        await callApi(hub.access, { method: "DELETE", path: `${roles}/${role}` });
    });
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
    const role = (metadata: JsonObject, more: JsonObject) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata,
      ...more,
    });
    const matchLabels = { part: name };
    await app.push({
      "whole.yaml": role(
        { name },
        { aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, rules: [] },
      ),
      "part.yaml": role({ name: `${name}-part`, labels: matchLabels }, { rules }),
    });
    await eventually(async () =>
      expect((await callApi(hub.access, { path: `${roles}/${name}` }))["rules"]).toEqual(rules),
    );
    await app.synced();
    await app.refresh("hard");
    expect(await app.state()).toBe("Synced Healthy");
  });
});
