import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { Store } from "../storage/store.ts";
import type { User } from "../verbs/api.ts";

/** What somebody wants to do. */
export interface Attempt {
  readonly user: User;
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of what is no resource, such as `/version`. */
  readonly path: string;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly reason: string;
}

/** May do everything, whatever roles say: how a cluster is set up and mended. */
export const masters = "system:masters";

/** What everyone who is known may read, as in every cluster. */
const publicPaths = ["/healthz", "/livez", "/readyz", "/version", "/api", "/apis", "/openapi"];

const rbac = "rbac.authorization.k8s.io";

/** Judges by the roles and bindings in the store, as RBAC does: what no rule allows is refused. */
export function judgeByRoles(store: Store, attempt: Attempt): Verdict {
  const { user, isResource, namespace } = attempt;
  if (user.groups.includes(masters)) return { allowed: true, reason: "" };
  if (!isResource && isPublic(attempt)) return { allowed: true, reason: "" };
  if (isSelfReview(attempt)) return { allowed: true, reason: "" };
  for (const binding of bindingsOf(store, user, isResource ? namespace : "")) {
    const allows = rulesOf(store, binding).some((rule) => isJsonObject(rule) && permits(rule, attempt));
    if (allows)
      return {
        allowed: true,
        reason: `RBAC: allowed by ${describe(binding)} for User ${JSON.stringify(user.name)}`,
      };
  }
  return { allowed: false, reason: "" };
}

function isPublic({ verb, path, user }: Attempt): boolean {
  const isKnown = user.groups.includes("system:authenticated");
  return (
    isKnown && verb === "get" && publicPaths.some((each) => path === each || path.startsWith(`${each}/`))
  );
}

/** Everyone who is known may ask what he may do, and who he is. */
function isSelfReview({ verb, group, resource, user }: Attempt): boolean {
  const isKnown = user.groups.includes("system:authenticated");
  const isReview = group === "authorization.k8s.io" || group === "authentication.k8s.io";
  return isKnown && isReview && verb === "create" && resource.startsWith("selfsubject");
}

/** The rules that hold for a user in a namespace, as reviews show them. */
export function rulesFor(store: Store, user: User, namespace: string): readonly JsonValue[] {
  if (user.groups.includes(masters)) {
    return [
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { verbs: ["*"], nonResourceURLs: ["*"] },
    ];
  }
  return bindingsOf(store, user, namespace).flatMap((binding) => rulesOf(store, binding));
}

function bindingsOf(store: Store, user: User, namespace: string): readonly KubeObject[] {
  const cluster = store.list({ resource: `${rbac}/clusterrolebindings` });
  const inside = namespace === "" ? [] : store.list({ resource: `${rbac}/rolebindings`, namespace });
  return [...cluster, ...inside]
    .map(({ object }) => object)
    .filter((binding) => viewArray(binding, "subjects").some((subject) => isSubject(subject, user, binding)));
}

function isSubject(subject: JsonValue, user: User, binding: KubeObject): boolean {
  const [kind, name = ""] = [viewString(subject, "kind"), viewString(subject, "name")];
  if (kind === "User") return name === user.name;
  if (kind === "Group") return user.groups.includes(name);
  const namespace = viewString(subject, "namespace") ?? binding.metadata.namespace ?? "";
  return kind === "ServiceAccount" && user.name === `system:serviceaccount:${namespace}:${name}`;
}

export function rulesOf(store: Store, binding: KubeObject): readonly JsonValue[] {
  const role = viewObject(binding, "roleRef");
  const isCluster = viewString(role, "kind") === "ClusterRole";
  const stored = store.read({
    resource: `${rbac}/${isCluster ? "clusterroles" : "roles"}`,
    namespace: isCluster ? "" : (binding.metadata.namespace ?? ""),
    name: viewString(role, "name") ?? "",
  });
  return viewArray(stored?.object, "rules");
}

function permits(rule: JsonObject, attempt: Attempt): boolean {
  if (!includes(rule, "verbs", attempt.verb)) return false;
  if (!attempt.isResource) return viewArray(rule, "nonResourceURLs").some((url) => covers(url, attempt.path));
  const { resource, subresource, name } = attempt;
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  const names = viewArray(rule, "resourceNames");
  return (
    includes(rule, "apiGroups", attempt.group) &&
    (includes(rule, "resources", full) ||
      (subresource !== "" && viewArray(rule, "resources").includes(`*/${subresource}`))) &&
    (names.length === 0 || names.includes(name))
  );
}

export function includes(rule: JsonObject, field: string, value: string): boolean {
  const all = viewArray(rule, field);
  return all.includes(value) || all.includes("*");
}

function covers(url: JsonValue, path: string): boolean {
  if (typeof url !== "string") return false;
  return url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1)));
}

function describe(binding: KubeObject): string {
  const { name = "", namespace } = binding.metadata;
  const role = viewObject(binding, "roleRef");
  const of = `${viewString(role, "kind") ?? ""} ${JSON.stringify(viewString(role, "name") ?? "")}`;
  return `${binding.kind} ${JSON.stringify(namespace === undefined ? name : `${name}/${namespace}`)} of ${of}`;
}
