import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { createMemoryStore } from "../storage/memory-store.ts";
import type { Attempt } from "./rbac.ts";
import { judgeByRoles } from "./rbac.ts";

const rbac = "rbac.authorization.k8s.io";

function write(store: ReturnType<typeof createMemoryStore>, plural: string, object: KubeObject): void {
  const { namespace = "", name = "" } = object.metadata;
  store.write({ resource: `${rbac}/${plural}`, namespace, name }, object);
}

function object(kind: string, metadata: JsonObject, more: JsonObject): KubeObject {
  return { apiVersion: `${rbac}/v1`, kind, metadata, ...more } as KubeObject;
}

function rules(): ReturnType<typeof createMemoryStore> {
  const store = createMemoryStore();
  const reads = { apiGroups: [""], resources: ["configmaps", "pods/log"], verbs: ["get", "list"] };
  const one = { apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["web"], verbs: ["*"] };
  write(
    store,
    "clusterroles",
    object(
      "ClusterRole",
      { name: "reader" },
      { rules: [reads, one, { nonResourceURLs: ["/metrics*"], verbs: ["get"] }] },
    ),
  );
  const roleRef = { kind: "ClusterRole", name: "reader", apiGroup: rbac };
  write(
    store,
    "rolebindings",
    object(
      "RoleBinding",
      { name: "b", namespace: "shop" },
      {
        roleRef,
        subjects: [
          { kind: "User", name: "ann" },
          { kind: "ServiceAccount", name: "bot" },
        ],
      },
    ),
  );
  write(
    store,
    "clusterrolebindings",
    object("ClusterRoleBinding", { name: "b" }, { roleRef, subjects: [{ kind: "Group", name: "ops" }] }),
  );
  return store;
}

const base: Attempt = {
  user: { name: "ann", groups: ["system:authenticated"] },
  verb: "get",
  isResource: true,
  group: "",
  resource: "configmaps",
  subresource: "",
  namespace: "shop",
  name: "a",
  path: "",
};

describe("role-based access", () => {
  it.for<[string, Partial<Attempt>, boolean]>([
    ["what a rule allows", {}, true],
    ["not in another namespace", { namespace: "other" }, false],
    ["not with another verb", { verb: "delete" }, false],
    ["a subresource that is named", { resource: "pods", subresource: "log" }, true],
    ["not the resource of a named subresource", { resource: "pods" }, false],
    [
      "the object that is named",
      { group: "apps", resource: "deployments", name: "web", verb: "delete" },
      true,
    ],
    ["no other object", { group: "apps", resource: "deployments", name: "db" }, false],
    ["not across all namespaces", { namespace: "", verb: "list" }, false],
    ["a service account", { user: { name: "system:serviceaccount:shop:bot", groups: [] } }, true],
    [
      "a group across all namespaces",
      { user: { name: "x", groups: ["ops"] }, namespace: "", verb: "list" },
      true,
    ],
    [
      "a path of a bound group",
      { user: { name: "x", groups: ["ops"] }, isResource: false, path: "/metrics/cadvisor" },
      true,
    ],
    ["public paths for everyone known", { isResource: false, path: "/openapi/v3" }, true],
    [
      "no paths for strangers",
      { user: { name: "x", groups: ["system:unauthenticated"] }, isResource: false, path: "/version" },
      false,
    ],
    [
      "reviews of oneself",
      { verb: "create", group: "authorization.k8s.io", resource: "selfsubjectaccessreviews", namespace: "" },
      true,
    ],
    [
      "everything for masters",
      { user: { name: "x", groups: ["system:masters"] }, verb: "delete", resource: "nodes" },
      true,
    ],
  ])("allows or refuses: %s", ([, attempt, allowed]) => {
    expect(judgeByRoles(rules(), { ...base, ...attempt }).allowed).toBe(allowed);
  });
});
