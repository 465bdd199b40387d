import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import type { Role } from "./labels.ts";
import { clusterNameOf, labelsOf, nameOf } from "./labels.ts";

/** Where the roles hold. */
export interface RoleScope {
  readonly namespace: string;
  /** False for rights in the control-plane namespace alone. */
  readonly clusterWide: boolean;
}

const allVerbs = ["create", "get", "list", "watch", "update", "patch", "delete"];

const argoRules: JsonObject = {
  apiGroups: ["argoproj.io"],
  resources: ["applications", "applicationsets", "appprojects"],
  verbs: allVerbs,
};

const mooringRules: readonly JsonObject[] = [
  {
    apiGroups: ["mooring.dev"],
    resources: ["pipelines", "pipelines/status", "promotions", "promotions/status"],
    verbs: allVerbs,
  },
  // The controller writes status, the server annotations and spec.suspend.
  {
    apiGroups: ["mooring.dev"],
    resources: ["imageautomations", "imageautomations/status"],
    verbs: ["get", "list", "watch", "update", "patch"],
  },
];

const leaseRule = (verbs: readonly string[]): JsonObject => ({
  apiGroups: ["coordination.k8s.io"],
  resources: ["leases"],
  verbs,
});

/** What each role needs of the hub itself. The controller writes no Secret but the one by which servers and controllers know each other. */
const hubRules: Readonly<Record<Role, readonly JsonObject[]>> = {
  controller: [
    argoRules,
    ...mooringRules,
    { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    {
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["mooring-internal-tls"],
      verbs: ["update", "patch"],
    },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    leaseRule(["create", "get", "list", "watch", "update", "patch"]),
  ],
  server: [
    argoRules,
    ...mooringRules,
    { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: allVerbs },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "get", "list", "watch", "patch"] },
    leaseRule(["get", "list", "watch"]),
  ],
};

/**
 * What each role needs where it deploys and shows. The controller deploys whatever kind is in Git, so it needs every right; Kubernetes would
 * otherwise refuse to let it create roles with rights that it lacks. To deploy with less, give clusters Secrets with credentials of their own, and
 * install without these. The server shows, patches and removes what people ask it for, and creates what actions do.
 */
const targetRules: Readonly<Record<Role, readonly JsonObject[]>> = {
  controller: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  server: [
    { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch", "patch", "delete"] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] },
    { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create"] },
  ],
};

/** What each role needs besides where it may act in all of the cluster. The server keeps Applications and Pipelines in other namespaces that are the control plane's, too. */
const clusterRules: Readonly<Record<Role, readonly JsonObject[]>> = {
  controller: [{ nonResourceURLs: ["*"], verbs: ["*"] }],
  server: [
    { apiGroups: ["argoproj.io"], resources: ["applications", "applicationsets"], verbs: ["create"] },
    { apiGroups: ["mooring.dev"], resources: ["pipelines", "promotions"], verbs: ["create"] },
  ],
};

/** The account of a role with its rights. */
export function formatAccess(role: Role, { namespace, clusterWide }: RoleScope): readonly KubeObject[] {
  const [name, labels] = [nameOf(role), labelsOf(role)];
  const own = { name, namespace, labels };
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const account: KubeObject = { apiVersion: "v1", kind: "ServiceAccount", metadata: own };
  const everywhere = [...targetRules[role], ...clusterRules[role]];
  const shared = { name: clusterNameOf(role, namespace), labels };
  const here = clusterWide ? hubRules[role] : [...hubRules[role], ...targetRules[role]];
  return [
    account,
    formatRole("Role", own, here),
    formatBinding("Role", own, subjects),
    ...(clusterWide
      ? [formatRole("ClusterRole", shared, everywhere), formatBinding("ClusterRole", shared, subjects)]
      : []),
  ];
}

interface RoleMetadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: StringMap;
}

function formatRole(kind: string, metadata: RoleMetadata, rules: readonly JsonObject[]): KubeObject {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata, rules };
}

function formatBinding(kind: string, metadata: RoleMetadata, subjects: readonly JsonObject[]): KubeObject {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name: metadata.name };
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: `${kind}Binding`, metadata, roleRef, subjects };
}
