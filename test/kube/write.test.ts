import { expect, it } from "vitest";
import { controlPlane, testNamespace } from "../control-plane/fixture.ts";
import { configMap, connect, testSignal, typeOf } from "./connect.ts";

const write = () => ({ fieldManager: "mooring-test", signal: testSignal() });

it("applies an object, and nothing in a dry run", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "", "ConfigMap");
  const object = configMap(namespace, "settings");
  const predicted = await cluster.apply(type, object, { ...write(), force: true, dryRun: true });
  expect(predicted["data"]).toEqual({ a: "1" });
  const ref = { type, namespace, name: "settings" };
  expect(await cluster.read(ref, testSignal())).toBeUndefined();
  const live = await cluster.apply(type, object, { ...write(), force: true });
  expect(await cluster.read(ref, testSignal())).toEqual(live);
});

it("deletes only the object whose uid it was told", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "", "Secret");
  const secret = { ...configMap(namespace, "login"), kind: "Secret", data: { a: "aA==" } };
  const { metadata } = await cluster.create(type, secret, write());
  const ref = { type, namespace, name: "login" };
  const remove = { propagation: "Background", signal: testSignal() } as const;
  expect(await cluster.remove(ref, { ...remove, uid: "another" })).toBe("gone");
  expect(await cluster.read(ref, testSignal())).toBeDefined();
  await expect(cluster.remove(ref, { ...remove, resourceVersion: "1" })).rejects.toMatchObject({
    code: "KUBE_CONFLICT",
  });
  expect(await cluster.remove(ref, { ...remove, uid: metadata.uid ?? "" })).toBe("deleted");
  expect(await cluster.remove(ref, remove)).toBe("gone");
});

it("says that an object held by a finalizer is being deleted", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "", "ConfigMap");
  const held = configMap(namespace, "held", { finalizers: ["mooring.dev/test"] });
  await cluster.create(type, held, write());
  const ref = { type, namespace, name: "held" };
  const signal = testSignal();
  expect(await cluster.remove(ref, { propagation: "Background", signal })).toBe("deleting");
  await cluster.jsonPatch(ref, [{ op: "remove", path: "/metadata/finalizers" }], write());
  expect(await cluster.read(ref, signal)).toBeUndefined();
});

it("replaces only the version it was given", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "", "ConfigMap");
  const first = await cluster.create(type, configMap(namespace, "one"), write());
  const ref = { type, namespace, name: "one" };
  await cluster.mergePatch(ref, { data: { a: "2" } }, write());
  await expect(cluster.replace(type, first, write())).rejects.toMatchObject({
    code: "KUBE_CONFLICT",
    message: `ConfigMap/${namespace}/one: changed since it was read; read it again and repeat`,
  });
});

it("explains what the API server refuses", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const deployments = await typeOf(cluster, "apps", "Deployment");
  const deployment = (color: string) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: {
      selector: { matchLabels: { color } },
      template: {
        metadata: { labels: { color } },
        spec: { containers: [{ name: "web", image: "web" }] },
      },
    },
  });
  const apply = { ...write(), force: true };
  await cluster.apply(deployments, deployment("red"), apply);
  const configMaps = await typeOf(cluster, "", "ConfigMap");
  await cluster.apply(configMaps, configMap(namespace, "owned"), apply);
  const refusals = await Promise.allSettled([
    cluster.apply(deployments, deployment("blue"), apply),
    cluster.apply(configMaps, configMap("nowhere", "a"), apply),
    cluster.apply(
      configMaps,
      { ...configMap(namespace, "owned"), data: { a: "2" } },
      {
        ...apply,
        fieldManager: "someone",
        force: false,
      },
    ),
    cluster.apply(configMaps, { ...configMap(namespace, "typo"), dta: {} }, apply),
    cluster.as({ user: "eve" }).read({ type: configMaps, namespace, name: "owned" }, testSignal()),
  ]);
  const messages = refusals.map((refusal) =>
    refusal.status === "rejected" ? String(refusal.reason) : "none",
  );
  expect(messages.map((message) => message.replaceAll(namespace, "shop"))).toEqual([
    "MooringError: Deployment/shop/web: spec.selector: field is immutable; restore the old value, or set sync option Force=true on it to have it deleted and created again: its pods go before the new ones come",
    "MooringError: ConfigMap/nowhere/a: namespace nowhere does not exist; create it, or set sync option CreateNamespace=true where it is the application's destination",
    'MooringError: ConfigMap/shop/owned: other field managers own .data.a (conflict with "mooring-test"); force the apply or remove the fields from Git',
    "MooringError: ConfigMap/shop/typo: dta: field not declared in schema; correct the manifest",
    'MooringError: ConfigMap/shop/owned: user "eve" may not get configmaps in namespace shop; grant it the verb get on configmaps',
  ]);
});

it("never repeats a value of a refused Secret", async () => {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "", "Secret");
  const secret = (data: Record<string, string | { x: string }>) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login", namespace },
    data,
  });
  const apply = { ...write(), force: true };
  const refusals = await Promise.allSettled([
    cluster.apply(type, secret({ password: "hunter2!" }), apply),
    cluster.apply(type, secret({ password: { x: "hunter2" } }), apply),
    cluster.apply(
      type,
      { ...secret({}), type: "kubernetes.io/tls", data: { "tls.crt": "aHVudGVyMg==" } },
      apply,
    ),
    cluster.create(type, secret({ password: "hunter2!" }), write()),
    cluster.create(type, secret({ password: { x: "hunter2" } }), write()),
  ]);
  const messages = refusals.map((refusal) =>
    refusal.status === "rejected" ? String(refusal.reason) : "none",
  );
  expect(messages.filter((message) => /hunter2|aHVudGVyM|none/.test(message))).toEqual([]);
});

it("acts as another user on the same connection", async () => {
  const cluster = await connect();
  const reviews = await typeOf(cluster, "authentication.k8s.io", "SelfSubjectReview");
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview", metadata: {} };
  const alice = cluster.as({ user: "alice", groups: ["system:masters", "team:a b"] });
  const { status } = await alice.create(reviews, review, write());
  expect(status).toMatchObject({
    userInfo: { username: "alice", groups: expect.arrayContaining(["team:a b"]) },
  });
  expect(controlPlane().server).toBe(cluster.server);
});
