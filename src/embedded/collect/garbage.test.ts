import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { TestCluster } from "../workloads/testing.ts";
import { testCluster } from "../workloads/testing.ts";

function make(cluster: TestCluster, name: string, metadata: JsonObject = {}): KubeObject {
  return cluster.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata } });
}

function ownedBy(owner: KubeObject, more: JsonObject = {}): JsonObject {
  const { name = "", uid = "" } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, ...more };
}

function names(cluster: TestCluster): readonly string[] {
  return cluster
    .list("ConfigMap")
    .map(({ metadata }) => metadata.name ?? "")
    .filter((name) => name !== "kube-root-ca.crt");
}

describe("garbage collection", () => {
  it("takes what is owned after its owner, and what that owns", () => {
    using cluster = testCluster();
    const owner = make(cluster, "owner");
    const child = make(cluster, "child", { ownerReferences: [ownedBy(owner)] });
    make(cluster, "grandchild", { ownerReferences: [ownedBy(child)] });
    make(cluster, "stranger");
    cluster.remove("ConfigMap", "owner");
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual(["stranger"]);
  });

  it("keeps what has another owner, and forgets the one that went", () => {
    using cluster = testCluster();
    const [first, second] = [make(cluster, "first"), make(cluster, "second")];
    make(cluster, "child", { ownerReferences: [ownedBy(first), ownedBy(second)] });
    cluster.remove("ConfigMap", "first");
    cluster.clock.advance(100);
    expect(cluster.get("ConfigMap", "child")?.metadata.ownerReferences).toEqual([ownedBy(second)]);
  });

  it("lets dependents go when they are to be orphaned", () => {
    using cluster = testCluster();
    const owner = make(cluster, "owner");
    make(cluster, "child", { ownerReferences: [ownedBy(owner)] });
    cluster.remove("ConfigMap", "owner", "Orphan");
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual(["child"]);
    expect(cluster.get("ConfigMap", "child")?.metadata.ownerReferences).toBeUndefined();
  });

  it("keeps an owner in the foreground until a dependent that blocks it is gone", () => {
    using cluster = testCluster();
    const owner = make(cluster, "owner");
    const blocking = ownedBy(owner, { blockOwnerDeletion: true });
    make(cluster, "child", { ownerReferences: [blocking], finalizers: ["example.com/hold"] });
    cluster.remove("ConfigMap", "owner", "Foreground");
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual(["child", "owner"]);
    cluster.patch("ConfigMap", "child", { metadata: { finalizers: null } });
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual([]);
  });

  it("takes an object whose owner never was", () => {
    using cluster = testCluster();
    const ghost = { apiVersion: "v1", kind: "ConfigMap", name: "ghost", uid: "uid-of-nobody" };
    make(cluster, "child", { ownerReferences: [ghost] });
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual([]);
  });

  it("does not take a new object for an old one of the same name", () => {
    using cluster = testCluster();
    const old = make(cluster, "owner");
    make(cluster, "child", { ownerReferences: [ownedBy(old)] });
    cluster.remove("ConfigMap", "owner", "Orphan");
    cluster.clock.advance(100);
    make(cluster, "owner");
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual(["child", "owner"]);
  });

  it("goes on after a restart in the middle", () => {
    using cluster = testCluster();
    const owner = make(cluster, "owner");
    for (const name of ["a", "b", "c"]) make(cluster, name, { ownerReferences: [ownedBy(owner)] });
    cluster.remove("ConfigMap", "owner");
    cluster.restart();
    cluster.clock.advance(100);
    expect(names(cluster)).toEqual([]);
  });
});
