import { expect, it } from "vitest";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import { createMemoryStore } from "../storage/memory-store.ts";
import { refuseEscalation } from "./escalation.ts";

const group = "rbac.authorization.k8s.io";
const bob = { name: "bob", groups: ["system:authenticated"] };

function object(kind: string, name: string, more: JsonObject): KubeObject {
  return { apiVersion: `${group}/v1`, kind, metadata: { name }, ...more } as KubeObject;
}

function binding(role: string): KubeObject {
  return object("ClusterRoleBinding", role, {
    roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: group, kind: "User", name: "bob" }],
  });
}

const everything = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };

/** Writes an object as bob, who holds the rules and may write roles and bindings. */
function write(held: JsonValue, next: KubeObject, live?: KubeObject): () => void {
  const store = createMemoryStore();
  const keep = (plural: string, kept: KubeObject) =>
    store.write({ resource: `${group}/${plural}`, namespace: "", name: kept.metadata.name ?? "" }, kept);
  keep("clusterroles", object("ClusterRole", "his", { rules: held }));
  keep("clusterroles", object("ClusterRole", "admin", { rules: [everything] }));
  keep("clusterrolebindings", binding("his"));
  const plural = `${next.kind.toLowerCase()}s`;
  const kind = { group, kind: next.kind, plural } as ServedKind;
  const target = { kind, namespace: "", name: next.metadata.name ?? "", subresource: "" };
  return () => refuseEscalation(store, { target, live, next, user: bob });
}

const role = (rules: JsonValue, more: JsonObject = {}) => object("ClusterRole", "new", { rules, ...more });
const pods = { apiGroups: [""], resources: ["pods", "secrets"], verbs: ["get", "list"] };
const onePod = { ...pods, resources: ["pods"], resourceNames: ["a"] };
const bind = { apiGroups: [group], resources: ["clusterroles"], resourceNames: ["admin"], verbs: ["bind"] };
const escalate = { apiGroups: [group], resources: ["clusterroles"], verbs: ["escalate"] };

it.each<[string, JsonValue, KubeObject]>([
  ["a role that allows everything", [pods], role([everything])],
  ["a verb that is not theirs", [pods], role([{ ...pods, verbs: ["get", "delete"] }])],
  ["all objects where only one is theirs", [onePod], role([pods])],
  ["paths that are not theirs", [pods], role([{ nonResourceURLs: ["/*"], verbs: ["get"] }])],
  ["a role that gathers others", [pods], role([], { aggregationRule: { clusterRoleSelectors: [{}] } })],
  ["a binding to a role that allows everything", [pods], binding("admin")],
])("refuses somebody who may write roles %s", (_what, held, next) => {
  expect(write(held, next)).toThrow(expect.objectContaining({ reason: "Forbidden" }));
});

it.each<[string, JsonValue, KubeObject]>([
  ["what is theirs", [pods], role([onePod, { ...pods, verbs: ["list"] }])],
  [
    "what two rules allow together",
    [pods, { ...pods, verbs: ["watch"] }],
    role([{ ...pods, verbs: ["get", "watch"] }]),
  ],
  ["a binding that they may bind", [bind], binding("admin")],
  ["any role when they may escalate", [escalate], role([everything])],
])("lets somebody who may write roles give %s", (_what, held, next) => {
  expect(write(held, next)).not.toThrow();
});

it("lets a role alone whose rules stay as they are", () => {
  expect(write([pods], role([everything]), role([everything]))).not.toThrow();
});

it("says what is missing, and is through in time with a rule of a million parts", () => {
  expect(write([pods], role([everything]))).toThrow(
    'clusterroles.rbac.authorization.k8s.io "new" is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
  );
  const many = Array.from({ length: 1_000 }, (_, i) => `v${i}`);
  const started = performance.now();
  expect(write([pods], role([{ apiGroups: many, resources: many, verbs: many }]))).toThrow(
    "not currently held",
  );
  expect(performance.now() - started).toBeLessThan(20_000);
});
