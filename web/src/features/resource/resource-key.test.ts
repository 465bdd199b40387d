import { expect, it } from "vitest";
import { formatKey, parseKey } from "./resource-key.ts";

it("reads a key as it was written, with and without group and namespace", () => {
  for (const name of [
    { group: "apps", kind: "Deployment", namespace: "shop", name: "web" },
    { group: "", kind: "Pod", namespace: "shop", name: "web-1" },
    { group: "rbac.authorization.k8s.io", kind: "ClusterRole", namespace: "", name: "system:node" },
  ]) {
    expect(parseKey(formatKey(name))).toEqual(name);
  }
  expect(formatKey({ kind: "Namespace", name: "shop" })).toBe("/Namespace//shop");
});

it("takes nothing for a key that is none", () => {
  for (const text of ["", "web", "apps/Deployment/web", "///", "/Pod/shop/", "a/b/c/d/e"])
    expect(parseKey(text)).toBeUndefined();
});
