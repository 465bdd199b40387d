import type { ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";

/** What others refer to comes first: a pod that names a missing ServiceAccount or Secret would not start. */
const order = [
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
] as const;

const ranks: ReadonlyMap<string, number> = new Map(order.map((kind, rank) => [kind, rank]));

/** Custom resources may share a built-in kind's name (Knative's Service), and must still come after their CRD. */
const builtinGroups: ReadonlySet<string> = new Set([
  "",
  "apps",
  "batch",
  "autoscaling",
  "policy",
  "extensions",
  "networking.k8s.io",
  "storage.k8s.io",
  "rbac.authorization.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
]);

/** The place of a kind inside a wave; every kind that is not Kubernetes' own comes last. */
export function kindRank(key: ObjectKey): number {
  const { group, kind } = parseObjectKey(key);
  return (builtinGroups.has(group) ? ranks.get(kind) : undefined) ?? order.length;
}

/** Text order by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Kind rank, then namespace, name, and what is left of the key. */
export function compareKeys(a: ObjectKey, b: ObjectKey): number {
  const byRank = kindRank(a) - kindRank(b);
  if (byRank !== 0) return byRank;
  const left = parseObjectKey(a);
  const right = parseObjectKey(b);
  return (
    compareText(left.namespace, right.namespace) || compareText(left.name, right.name) || compareText(a, b)
  );
}
