import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import {
  auditMark,
  controlPlane,
  eventually,
  readAuditLog,
  testNamespace,
} from "../control-plane/fixture.ts";
import { configMap, connect, record, testSignal, typeOf } from "./connect.ts";

const definition = (plural: string, kind: string): KubeObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.kube.mooring.test` },
  spec: {
    group: "kube.mooring.test",
    scope: "Namespaced",
    names: { plural, kind, singular: kind.toLowerCase() },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { size: { type: "integer", default: 3 } } } },
          },
        },
      },
    ],
  },
});

it("sees a new kind, its schema and its end without being asked to refresh", async () => {
  const cluster = await connect();
  const signal = testSignal();
  const definitions = await typeOf(cluster, "apiextensions.k8s.io", "CustomResourceDefinition");
  const crd = definition("boats", "Boat");
  const ref = { type: definitions, namespace: "", name: crd.metadata.name ?? "" };
  onTestFinished(async () => {
    await using other = await connect({ keepFresh: false });
    await other.remove(ref, { propagation: "Background", signal: new AbortController().signal });
  });
  const boat = async () => (await cluster.discover(signal)).typeOf("kube.mooring.test", "Boat");
  expect(await boat()).toBeUndefined();
  await cluster.apply(definitions, crd, { fieldManager: "test", force: true, signal });
  const type = await eventually(async () => {
    const found = await boat();
    expect(found).toBeDefined();
    return found;
  });
  expect(type).toMatchObject({ plural: "boats", namespaced: true, version: "v1" });
  await eventually(async () => {
    const schema = await cluster.schemaOf(
      { group: "kube.mooring.test", version: "v1", kind: "Boat" },
      signal,
    );
    expect(schema?.field("spec")?.field("size")?.default).toBe(3);
  });
  await cluster.remove(ref, { propagation: "Background", signal });
  await eventually(async () => expect(await boat()).toBeUndefined());
});

it("lists more objects than fit on a page, whole or as metadata only", async () => {
  const [cluster, namespace] = [await connect({ keepFresh: false }), await testNamespace()];
  const type = await typeOf(cluster, "", "ConfigMap");
  const signal = testSignal();
  const names = Array.from({ length: 1100 }, (_, index) => `c-${String(index).padStart(4, "0")}`);
  const todo = [...names];
  const lane = async (): Promise<void> => {
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      await cluster.create(type, configMap(namespace, name), { fieldManager: "test", signal });
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  const whole = await cluster.list(type, {
    namespace,
    signal,
    fieldSelector: "metadata.name!=kube-root-ca.crt",
  });
  expect(whole.map((object) => object.metadata.name)).toEqual(names);
  expect(whole[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } });
  const [first] = await cluster.list(type, { namespace, signal, metadataOnly: true });
  expect(first).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c-0000" } });
  expect(first?.["data"]).toBeUndefined();
});

it("watches metadata only", async () => {
  const [cluster, namespace] = [await connect({ keepFresh: false }), await testNamespace()];
  const type = await typeOf(cluster, "", "ConfigMap");
  const signal = testSignal();
  const options = { namespace, signal, metadataOnly: true, labelSelector: "watched" };
  const lines = record(cluster.watch(type, options));
  await eventually(() => expect(lines).toEqual(["synced"]));
  const write = { fieldManager: "test", force: true, signal };
  const seen = configMap(namespace, "seen", { labels: { watched: "yes" } });
  await cluster.apply(type, configMap(namespace, "unseen"), write);
  await cluster.apply(type, seen, write);
  await eventually(() => expect(lines).toEqual(["synced", "applied seen"]));
  await cluster.apply(type, configMap(namespace, "seen"), write);
  await eventually(() => expect(lines).toEqual(["synced", "applied seen", "deleted seen"]));
});

it("asks once and then waits for the server", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace("idle")];
  const signal = testSignal();
  const type = await typeOf(cluster, "", "Secret");
  const mark = await auditMark(controlPlane().auditLogPath);
  const lines = record(cluster.watch(type, { namespace, signal, labelSelector: "idle" }));
  await eventually(() => expect(lines).toEqual(["synced"]));
  await sleep(1_500);
  const { entries } = await readAuditLog(controlPlane().auditLogPath, mark);
  const ours = entries.filter((entry) => entry.namespace === namespace && entry.resource === "secrets");
  expect(ours.map((entry) => entry.verb)).toEqual(["list", "watch"]);
});
