import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { migrateOwnership } from "#engine/migrate.ts";
import { testNamespace } from "../control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "../kube/connect.ts";

it("takes over an object that changes all the time", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "", "ConfigMap");
  const signal = testSignal();
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "busy", namespace },
    data: { a: "1" },
  };
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) };
  const applied = { ...object, metadata: { ...object.metadata, annotations } };
  const watched = await cluster.create(type, applied, { fieldManager: "kubectl-client-side-apply", signal });
  const ref = { type, namespace, name: "busy" };
  const somebody = { fieldManager: "somebody", signal };
  let left = 3;
  const busy = {
    ...cluster,
    jsonPatch: async (...request: Parameters<typeof cluster.jsonPatch>) => {
      if (left > 0) await cluster.mergePatch(ref, { data: { tick: String(left) } }, somebody);
      left -= 1;
      return cluster.jsonPatch(...request);
    },
  };
  await migrateOwnership(ref, watched, { cluster: busy, signal, fieldManager: "argocd-controller" });
  const live = await cluster.read(ref, signal);
  const managers = live?.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]);
  expect(managers).toEqual([
    ["argocd-controller", "Apply"],
    ["somebody", "Update"],
  ]);
  await cluster.remove(ref, { propagation: "Background", signal });
  await migrateOwnership(ref, watched, { cluster, signal, fieldManager: "argocd-controller" });
});
