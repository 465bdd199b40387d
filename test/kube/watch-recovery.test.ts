import { beforeAll, expect, it } from "vitest";
import { readKubeconfig } from "#kube/index.ts";
import { eventually, startControlPlane } from "../control-plane/fixture.ts";
import { configMap, connect, record, testSignal, typeOf } from "./connect.ts";
import { startWire } from "./wire.ts";

let plane: Awaited<ReturnType<typeof startControlPlane>>;

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 0 });
  return () => plane[Symbol.asyncDispose]();
});

it("logs in with a client certificate", async () => {
  const { connection } = await readKubeconfig({ path: plane.certificateKubeconfigPath });
  expect(connection.auth).toEqual({ kind: "none" });
  const cluster = await connect({ connection, keepFresh: false });
  const type = await typeOf(cluster, "authentication.k8s.io", "SelfSubjectReview");
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview", metadata: {} };
  const { status } = await cluster.create(type, review, { fieldManager: "test", signal: testSignal() });
  expect(status).toMatchObject({ userInfo: { username: "certificate-admin" } });
});

it("tells what happened while the watch was cut and history was lost, and nothing else", async () => {
  await using namespace = await plane.createNamespace();
  const { connection } = await readKubeconfig({ path: plane.kubeconfigPath });
  const cluster = await connect({ connection, keepFresh: false });
  const wire = await startWire(connection.server);
  const watched = await connect({ connection: { ...connection, server: wire.url }, keepFresh: false });
  const type = await typeOf(cluster, "", "ConfigMap");
  const signal = testSignal();
  const write = { fieldManager: "test", force: true, signal };
  const ref = (name: string) => ({ type, namespace: namespace.name, name });
  const put = (name: string, a = "1") =>
    cluster.apply(type, { ...configMap(namespace.name, name), data: { a } }, write);
  const remove = (name: string) => cluster.remove(ref(name), { propagation: "Background", signal });

  for (const name of ["changed", "deleted", "recreated", "untouched"]) await put(name);
  await eventually(async () => expect(await cluster.read(ref("kube-root-ca.crt"), signal)).toBeDefined());
  const lines = record(watched.watch(type, { namespace: namespace.name, signal }));
  await eventually(() => expect(lines).toContain("synced"));

  wire.cut();
  await Promise.all([put("changed", "2"), remove("deleted"), remove("recreated"), put("created")]);
  await put("recreated");
  await plane.compactEtcd();
  await plane.restartApiServer({ signal: "SIGKILL" });
  const before = lines.length;
  wire.mend();
  await eventually(() => expect(lines.slice(before)).toContain("synced"));
  expect(lines.slice(before).filter((line) => line !== "disconnected")).toEqual([
    "applied changed",
    "applied created",
    "deleted recreated",
    "applied recreated",
    "deleted deleted",
    "synced",
  ]);

  const after = lines.length;
  await plane.restartApiServer({ signal: "SIGKILL" });
  await remove("untouched");
  await eventually(() => expect(lines).toContain("deleted untouched"));
  const quiet = lines.slice(after).filter((line) => line !== "disconnected" && line !== "synced");
  expect(quiet).toEqual(["deleted untouched"]);
});
