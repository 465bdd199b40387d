import { expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { application, startHub } from "./hub.ts";
import type { TestHub } from "./hub.ts";

const replicaSet = (name: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name, namespace: "shop" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "nginx:1" }] },
    },
  },
});

/** Owner references are what anybody writes into them. */
async function own(hub: TestHub, name: string, ...owners: readonly string[]): Promise<void> {
  const type = (await hub.cluster.discover(hub.signal)).typeOf("apps", "ReplicaSet");
  if (type === undefined) throw new Error("ReplicaSet is not served");
  const ownerReferences = await Promise.all(
    owners.map(async (owner) => {
      const object = await hub.cluster.read({ type, namespace: "shop", name: owner }, hub.signal);
      return { apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: object?.metadata.uid ?? "" };
    }),
  );
  const patch = { metadata: { ownerReferences } };
  await hub.cluster.mergePatch({ type, namespace: "shop", name }, patch, {
    fieldManager: "test",
    signal: hub.signal,
  });
}

it("shows objects that own each other in a circle once", async () => {
  const hub = await startHub();
  const resources = [
    { group: "apps", version: "v1", kind: "ReplicaSet", namespace: "shop", name: "root", status: "Synced" },
  ];
  await hub.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
    ...["root", "a", "b", "c"].map((name) => replicaSet(name)),
    application("web", { rest: { status: { resources } } }),
  );
  await own(hub, "a", "root", "c");
  await own(hub, "b", "a");
  await own(hub, "c", "b", "a");
  const { code, out, err } = await hub.cli.run("app", "get", "web", "-o", "tree", "--core");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.split("\n").flatMap((line) => /^\W*ReplicaSet\/\w+/u.exec(line) ?? [])).toEqual([
    "ReplicaSet/root",
    "└─ReplicaSet/a",
    "  └─ReplicaSet/b",
    "    └─ReplicaSet/c",
  ]);
});
