import { expect, it, onTestFinished } from "vitest";
import { type KubeObject, objectKey, type ObjectKey } from "#core/object/index.ts";
import { type LiveStoreOptions, readKubeconfig, startLiveStore } from "#kube/index.ts";
import type { LiveChange, LiveStore } from "#ports/live-store.ts";
import { controlPlane, eventually, testNamespace } from "../control-plane/fixture.ts";
import { configMap, connect, testSignal, typeOf } from "./connect.ts";
import { startWire } from "./wire.ts";

const ownersOf = (object: KubeObject): readonly string[] => {
  const owner = object.metadata.annotations?.["owner"];
  return owner === undefined ? [] : [owner];
};

async function start(options: Partial<LiveStoreOptions> = {}) {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const live: LiveStore = startLiveStore(cluster, { ownersOf, ...options });
  onTestFinished(() => live[Symbol.asyncDispose]());
  const type = await typeOf(cluster, "", "ConfigMap");
  const key = (name: string): ObjectKey => objectKey({ group: "", kind: "ConfigMap", namespace, name });
  const changes: LiveChange[] = [];
  live.onChange((change) => changes.push(change));
  const signal = testSignal();
  const put = (name: string, metadata = {}) =>
    cluster.apply(type, configMap(namespace, name, metadata), { fieldManager: "test", force: true, signal });
  const remove = (name: string) =>
    cluster.remove({ type, namespace, name }, { propagation: "Background", signal });
  return { cluster, namespace, live, type, key, changes, signal, put, remove };
}

it("knows claimed and tracked objects, before and after they change", async () => {
  const { live, key, changes, put, remove, signal } = await start();
  const early = await put("early");
  await put("tracked", { annotations: { owner: "shop" } });
  expect(await live.claim("other", new Set([key("late")]), signal)).toEqual({ unknown: [] });
  expect(live.get(key("early"))).toBeUndefined();
  expect(live.trackedBy("shop")).toEqual([key("tracked")]);

  await live.claim("shop", new Set([key("early"), key("late")]), signal);
  expect(live.get(key("early"))).toEqual(early);
  expect(live.get(key("late"))).toBeUndefined();

  changes.length = 0;
  const late = await put("late", { annotations: { owner: "third" } });
  await eventually(() => expect(live.get(key("late"))).toEqual(late));
  expect(changes).toEqual([{ key: key("late"), deleted: false, owners: ["other", "shop", "third"] }]);
  await remove("late");
  await eventually(() => expect(live.get(key("late"))).toBeUndefined());
  live.observe(late);
  expect(live.get(key("late"))).toBeUndefined();
  expect(changes.slice(1)).toEqual([{ key: key("late"), deleted: true, owners: ["other", "shop", "third"] }]);
  expect(live.failureOf("shop")).toBeUndefined();
});

it("reads its own writes at once", async () => {
  const { live, key, put, signal } = await start();
  await live.claim("shop", new Set([key("a")]), signal);
  for (const value of ["1", "2", "3"]) {
    const written = await put("a", { labels: { value } });
    live.observe(written);
    expect(live.get(key("a"))).toEqual(written);
    expect(live.resourceVersionOf(key("a"))).toBe(written.metadata.resourceVersion);
  }
});

it("says which kinds the cluster does not serve, and lets the objects of a deleted kind go", async () => {
  const { cluster, namespace, live, changes, signal } = await start();
  const write = { fieldManager: "test", force: true, signal };
  const definitions = await typeOf(cluster, "apiextensions.k8s.io", "CustomResourceDefinition");
  const crd = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "ships.kube.mooring.test" },
    spec: {
      group: "kube.mooring.test",
      scope: "Namespaced",
      names: { plural: "ships", kind: "Ship" },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
      ],
    },
  };
  const key = objectKey({ group: "kube.mooring.test", kind: "Ship", namespace, name: "one" });
  const ship = { apiVersion: "kube.mooring.test/v1", kind: "Ship", metadata: { name: "one", namespace } };
  const launch = async (): Promise<void> => {
    await cluster.apply(definitions, crd, write);
    await eventually(async () =>
      expect(await live.claim("shop", new Set([key]), signal)).toEqual({ unknown: [] }),
    );
    const type = (await cluster.discover(signal)).typeOf("kube.mooring.test", "Ship");
    if (type === undefined) throw new Error("Ship is not served");
    live.observe(await cluster.apply(type, ship, write));
    expect(live.get(key)?.metadata.name).toBe("one");
  };
  const ref = { type: definitions, namespace: "", name: crd.metadata.name };
  const sink = (): Promise<unknown> => cluster.remove(ref, { propagation: "Background", signal });

  expect(await live.claim("shop", new Set([key]), signal)).toEqual({ unknown: [key] });
  await launch();
  await sink();
  await eventually(() => expect(live.get(key)).toBeUndefined());
  expect(changes.at(-1)).toEqual({ key, deleted: true, owners: ["shop"] });
  await eventually(async () =>
    expect(await live.claim("shop", new Set([key]), signal)).toEqual({ unknown: [key] }),
  );
  await launch();
  await sink();
  await eventually(() => expect(live.get(key)).toBeUndefined());
});

it("names the kind and the permission that a claim lacks, and serves other owners", async () => {
  const { namespace, cluster, key, signal } = await start();
  const write = { fieldManager: "test", force: true, signal };
  const rbac = "rbac.authorization.k8s.io";
  const ref = { apiGroup: rbac, kind: "Role", name: "reader" };
  await cluster.apply(
    await typeOf(cluster, rbac, "Role"),
    {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata: { name: "reader", namespace },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
    },
    write,
  );
  await cluster.apply(
    await typeOf(cluster, rbac, "RoleBinding"),
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "reader", namespace },
      roleRef: ref,
      subjects: [{ apiGroup: rbac, kind: "User", name: "carol" }],
    },
    write,
  );
  const carol = cluster.as({ user: "carol" });
  const live = startLiveStore(carol, { ownersOf, namespaces: [namespace] });
  onTestFinished(() => live[Symbol.asyncDispose]());
  const secret = objectKey({ group: "", kind: "Secret", namespace, name: "x" });
  const elsewhere = objectKey({ group: "", kind: "ConfigMap", namespace: "default", name: "x" });
  const wide = objectKey({ group: "", kind: "Namespace", namespace: "", name: "x" });
  await eventually(() => live.claim("shop", new Set([key("a")]), signal));
  await expect(live.claim("bank", new Set([secret]), signal)).rejects.toMatchObject({
    code: "KUBE_FORBIDDEN",
    message: `secrets: user "carol" may not list secrets in namespace ${namespace}; grant it the verb list on secrets`,
  });
  expect(await live.claim("park", new Set([key("b"), elsewhere, wide]), signal)).toEqual({
    unknown: [elsewhere, wide],
    excluded: [elsewhere, wide],
  });
  expect(live.failureOf("shop")).toBeUndefined();
});

it("knows what nobody owns in a watched namespace, and tells its watcher when something comes or goes", async () => {
  const { cluster, namespace, live, key, changes, put, remove, signal } = await start();
  const parent = await put("parent");
  await put("child", {
    ownerReferences: [
      { apiVersion: "v1", kind: "ConfigMap", name: "parent", uid: parent.metadata.uid ?? "" },
    ],
  });
  await put("tracked", { annotations: { owner: "shop" } });
  await live.claim("bank", new Set([key("claimed")]), signal);
  const wants = ({ group, kind }: { readonly group: string; readonly kind: string }) =>
    group === "" && (kind === "ConfigMap" || kind === "Secret");
  await live.watchNamespace("park", { namespace, wants }, signal);
  const strays = () =>
    live
      .straysIn(namespace)
      .filter((one) => one !== key("kube-root-ca.crt"))
      .toSorted();
  expect(strays()).toEqual([key("parent")]);
  changes.length = 0;
  await put("claimed");
  await put("late");
  const secret = objectKey({ group: "", kind: "Secret", namespace, name: "late" });
  const body = { apiVersion: "v1", kind: "Secret", metadata: { name: "late", namespace } };
  await cluster.apply(await typeOf(cluster, "", "Secret"), body, {
    fieldManager: "test",
    force: true,
    signal,
  });
  await eventually(() => expect(strays()).toEqual([key("late"), key("parent"), secret]));
  await put("late", { labels: { changed: "yes" } });
  await put("late", { annotations: { owner: "shop" } });
  await eventually(() => expect(strays()).toEqual([key("parent"), secret]));
  await remove("parent");
  await eventually(() => expect(strays()).toEqual([secret]));
  const told = changes.filter((one) => one.key !== key("kube-root-ca.crt"));
  expect(told.map((one) => [one.key, one.deleted, one.owners])).toEqual(
    expect.arrayContaining([
      [key("late"), false, ["park"]],
      [key("late"), false, ["shop", "park"]],
      [key("parent"), true, ["park"]],
      [secret, false, ["park"]],
    ]),
  );
  expect(told.filter((one) => one.key === key("late"))).toHaveLength(2);
  changes.length = 0;
  live.release("park");
  await put("unseen");
  await eventually(() => expect(strays()).toContain(key("unseen")));
  expect(changes.filter((one) => one.owners.includes("park"))).toEqual([]);
});

it("does not take the objects of a closed store for gone", async () => {
  const { cluster, live, key, put, signal } = await start();
  await put("a");
  await live.claim("shop", new Set([key("a")]), signal);
  const secret = objectKey({ group: "", kind: "Secret", namespace: "default", name: "x" });
  const waiting = live.claim("bank", new Set([secret]), signal);
  const closing = live[Symbol.asyncDispose]();
  const closed = {
    code: "KUBE_CLOSED",
    message: `cluster ${cluster.server}: its connection was closed, because its Secret changed; it is repeated on the new one`,
  };
  await expect(waiting).rejects.toMatchObject(closed);
  await closing;
  await expect(live.claim("shop", new Set([key("a")]), signal)).rejects.toMatchObject(closed);
  expect(() => live.get(key("a"))).toThrow(closed.message);
  expect(() => live.resourceVersionOf(key("a"))).toThrow(closed.message);
  expect(() => live.trackedBy("shop")).toThrow(closed.message);
});

it("says since when a cluster cannot be watched, and when it can be again", async () => {
  const { key } = await start();
  const { connection } = await readKubeconfig({ path: controlPlane().kubeconfigPath });
  const wire = await startWire(connection.server);
  const cluster = await connect({ connection: { ...connection, server: wire.url }, keepFresh: false });
  const live = startLiveStore(cluster, { ownersOf, failureAfterMs: 300 });
  onTestFinished(() => live[Symbol.asyncDispose]());
  const told: (string | undefined)[] = [];
  live.onFailure((owners) => told.push(...owners.map((one) => live.failureOf(one)?.error.name ?? one)));
  await live.claim("shop", new Set([key("a")]), testSignal());

  wire.cut();
  const cutMs = Date.now();
  await eventually(() => expect(told).toEqual(["MooringError"]));
  expect(live.failureOf("shop")).toMatchObject({ error: { code: "KUBE_UNREACHABLE" } });
  const sinceMs = live.failureOf("shop")?.sinceMs ?? 0;
  expect([sinceMs >= cutMs, sinceMs < Date.now()]).toEqual([true, true]);
  expect(live.failureOf("somebody else")).toBeUndefined();
  wire.mend();
  await eventually(() => expect(told).toEqual(["MooringError", "shop"]));
  expect(live.failureOf("shop")).toBeUndefined();
});
