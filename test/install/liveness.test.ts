import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { viewString } from "#core/object/index.ts";
import { internalAddressAnnotation } from "#engine/leader/lease.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { startRole } from "#test/api/apart.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import type { InstallCluster } from "./embedded-installation.ts";
import { startInstallCluster } from "./embedded-installation.ts";

const { signal } = new AbortController();
const namespace = "argocd";
const named = { namespaced: true, version: "v1", verbs: [], shortNames: [] } as const;
const role: ResourceType = {
  ...named,
  group: "rbac.authorization.k8s.io",
  kind: "Role",
  plural: "roles",
};
const lease: ResourceType = { ...named, group: "coordination.k8s.io", kind: "Lease", plural: "leases" };

let cluster: InstallCluster;

beforeAll(async () => {
  cluster = await startInstallCluster();
  await cluster.mooring("install", "--apply", "--namespaced", "--namespace", namespace);
});

afterAll(() => cluster[Symbol.asyncDispose]());

it("a controller whose internal API cannot begin leads, and is not started anew for it", async () => {
  const read = ["get", "list", "watch"];
  const rules = [
    { apiGroups: ["argoproj.io"], resources: ["*"], verbs: ["*"] },
    { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: read },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["*"] },
  ];
  const ref = { type: role, namespace, name: "mooring-controller" };
  await cluster.admin.mergePatch(ref, { rules }, { fieldManager: "test", signal });
  const log: string[] = [];
  const addresses = ["--internal-address", "127.0.0.1:0", "--health-address", "127.0.0.1:0"];
  const data = path.join(cluster.directory, "controller");
  const kubeconfig = await cluster.kubeconfigAs("controller", namespace);
  const controller = await startRole(
    ["controller", "--kubeconfig", kubeconfig, "--namespace", namespace, "--data", data, ...addresses],
    { until: / leading /u, log },
  );
  const held = await cluster.admin.read({ type: lease, namespace, name: "mooring-controller" }, signal);
  expect(viewString(held, "spec", "holderIdentity")).toBeDefined();
  expect(held?.metadata.annotations?.[internalAddressAnnotation], "no server can ask it").toBeUndefined();
  const port = /health is answered .*port=(\d+)/u.exec(log.join("\n"))?.[1] ?? "";
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  await controller.stop();
  await eventually(async () => {
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});
