import { describe, expect, it } from "vitest";
import { NamespaceContent } from "./namespace-content.ts";
import { testCluster } from "./testing.ts";

describe("the content of a namespace", () => {
  it("is made, and made again when it is lost or changed", () => {
    using cluster = testCluster();
    const content = new NamespaceContent(cluster.state, { certificate: "PEM" });
    const advance = () => content.all().forEach((key) => content.advance(key));
    const found = () => [
      ...cluster.list("ServiceAccount").map(({ metadata }) => metadata.name),
      ...cluster.list("ConfigMap").map((map) => `${map.metadata.name} ${JSON.stringify(map["data"])}`),
    ];
    const whole = ["default", 'kube-root-ca.crt {"ca.crt":"PEM"}'];
    advance();
    expect(found()).toEqual(whole);
    cluster.remove("ServiceAccount", "default");
    cluster.patch("ConfigMap", "kube-root-ca.crt", { data: { "ca.crt": "other", more: "x" } });
    advance();
    expect(found()).toEqual(whole);
    const { revision } = cluster.state.store;
    advance();
    expect(cluster.state.store.revision).toBe(revision);
  });

  it("is looked at because of what happens to it, and to its namespace", () => {
    using cluster = testCluster();
    const content = new NamespaceContent(cluster.state, { certificate: "PEM" });
    content.all().forEach((key) => content.advance(key));
    const noted = (resource: string, name: string, type: "updated" | "deleted") => {
      const namespace = resource === "/namespaces" ? "" : "shop";
      const stored = cluster.state.store.read({ resource, namespace, name });
      if (stored === undefined) throw new Error(`no ${resource} ${name}`);
      return content.note({ type, stored, previous: stored }).map((key) => key.name);
    };
    expect(noted("/namespaces", "shop", "updated")).toEqual(["shop"]);
    expect(noted("/namespaces", "shop", "deleted")).toEqual([]);
    expect(noted("/serviceaccounts", "default", "deleted")).toEqual(["shop"]);
    expect(noted("/serviceaccounts", "default", "updated")).toEqual([]);
    expect(noted("/configmaps", "kube-root-ca.crt", "updated")).toEqual(["shop"]);
  });
});
