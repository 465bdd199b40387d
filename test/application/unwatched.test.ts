import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { argo, callApi, configMap, customResourceDefinition, it } from "./fixture.ts";
import { anotherUrl, register } from "./registered-cluster.ts";

const later = configMap("later", {}, { annotations: argo({ "sync-wave": "1" }) });

describe("a sync with later waves", () => {
  it("goes on when a wave brings a new kind together with an object of it", async ({ create, hub }) => {
    const group = `${randomBytes(4).toString("hex")}.example.com`;
    const gadget = { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name: "one" }, spec: {} };
    const app = await create("newkind", {
      files: { "a.yaml": [customResourceDefinition(group, "Gadget"), gadget, later] },
    });
    const result = await app.sync();
    await callApi(hub.access, {
      method: "DELETE",
      path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`,
    });
    expect(result.replaceAll(group, "<group>").split("\n")).toEqual([
      "Succeeded: successfully synced (all tasks run)",
      "ConfigMap/later Synced: configmap/later created",
      "CustomResourceDefinition/gadgets.<group> Synced: customresourcedefinition.apiextensions.k8s.io/gadgets.<group> created",
      "Gadget/one Synced: gadget.<group>/one created",
    ]);
  });

  it("goes on after the namespace that it creates on a cluster that is restricted to namespaces", async ({
    create,
    hub,
  }) => {
    const namespace = `restricted-${randomBytes(4).toString("hex")}`;
    await register(hub, { name: namespace, server: anotherUrl(hub, "localhost"), namespaces: namespace });
    const app = await create("restricted", {
      namespace,
      destination: { server: "", name: namespace },
      syncOptions: ["CreateNamespace=true"],
      files: { "a.yaml": [configMap("first"), later] },
    });
    const result = await app.sync();
    await callApi(hub.access, { method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
    expect(result.split("\n")).toEqual([
      "Succeeded: successfully synced (all tasks run)",
      "ConfigMap/first Synced: configmap/first created",
      "ConfigMap/later Synced: configmap/later created",
      "PreSync Namespace/<namespace> Synced: namespace/<namespace> created",
    ]);
  });
});
