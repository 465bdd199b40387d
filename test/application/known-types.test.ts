import { describe, expect } from "vitest";
import { callApi, configMap, it, rolloutDefinition, type TestApplication } from "./fixture.ts";

function rollout(name: string) {
  const resources = { limits: { cpu: "1000m" } };
  const containers = [{ name: "main", image: "registry.example/web:1", resources }];
  return {
    apiVersion: "argoproj.io/v1",
    kind: "Rollout",
    metadata: { name },
    spec: { template: { spec: { containers } }, budget: "1000m" },
  };
}

async function syncOf(app: TestApplication): Promise<Readonly<Record<string, unknown>>> {
  const { resources = [] } = await app.status();
  return Object.fromEntries(resources.map(({ name = "", status }) => [name, status]));
}

describe("a Rollout", () => {
  it("is compared as what it holds, the spec of a pod: amounts that mean the same are no difference", async ({
    create,
    hub,
  }) => {
    await callApi(hub.access, {
      method: "PATCH",
      path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${rolloutDefinition.metadata.name}?fieldManager=test&force=true`,
      contentType: "application/apply-patch+yaml",
      body: rolloutDefinition,
    });
    const app = await create("rollouts", {
      files: { "a.yaml": [rollout("same"), rollout("other"), configMap("beside")] },
    });
    await app.sync();
    const path = (name: string) => `/apis/argoproj.io/v1/namespaces/${app.namespace}/rollouts/${name}`;
    const containers = [
      { name: "main", image: "registry.example/web:1", resources: { limits: { cpu: "1" } } },
    ];
    await app.patchLive(path("same"), { spec: { template: { spec: { containers } } } });
    await app.patchLive(path("other"), { spec: { budget: "1" } });
    await app.waitFor(async () => expect(await syncOf(app)).toMatchObject({ other: "OutOfSync" }));
    expect(await syncOf(app)).toEqual({ same: "Synced", other: "OutOfSync", beside: "Synced" });
  });
});
