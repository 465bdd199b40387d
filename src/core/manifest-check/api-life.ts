/** How far an API version is on its way out of Kubernetes. */
export interface ApiLife {
  readonly state: "deprecated" | "removed";
  /** The minor version of Kubernetes that no longer serves it. */
  readonly removedIn: number;
  /** What to write instead; undefined where nothing takes its place. */
  readonly replacement: string | undefined;
}

interface Row {
  readonly kinds: readonly string[];
  /** Since which minor version the replacement is served. */
  readonly since: number;
  readonly removedIn: number;
  readonly replacement: string | undefined;
}

const workloads = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ControllerRevision"];

/** From "Deprecated API Migration Guide" of Kubernetes; minor versions of 1. */
const table: Readonly<Record<string, readonly Row[]>> = {
  "extensions/v1beta1": [
    row(["Deployment", "DaemonSet", "ReplicaSet"], [9, 16], "apps/v1"),
    row(["NetworkPolicy"], [8, 16], "networking.k8s.io/v1"),
    row(["PodSecurityPolicy"], [10, 16], "policy/v1beta1"),
    row(["Ingress"], [19, 22], "networking.k8s.io/v1"),
  ],
  "apps/v1beta1": [row(workloads, [9, 16], "apps/v1")],
  "apps/v1beta2": [row(workloads, [9, 16], "apps/v1")],
  "admissionregistration.k8s.io/v1beta1": [
    row(
      ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
      [16, 22],
      "admissionregistration.k8s.io/v1",
    ),
  ],
  "apiextensions.k8s.io/v1beta1": [row(["CustomResourceDefinition"], [16, 22], "apiextensions.k8s.io/v1")],
  "apiregistration.k8s.io/v1beta1": [row(["APIService"], [10, 22], "apiregistration.k8s.io/v1")],
  "authentication.k8s.io/v1beta1": [row(["TokenReview"], [6, 22], "authentication.k8s.io/v1")],
  "authorization.k8s.io/v1beta1": [
    row(
      [
        "LocalSubjectAccessReview",
        "SelfSubjectAccessReview",
        "SubjectAccessReview",
        "SelfSubjectRulesReview",
      ],
      [6, 22],
      "authorization.k8s.io/v1",
    ),
  ],
  "certificates.k8s.io/v1beta1": [row(["CertificateSigningRequest"], [19, 22], "certificates.k8s.io/v1")],
  "coordination.k8s.io/v1beta1": [row(["Lease"], [14, 22], "coordination.k8s.io/v1")],
  "networking.k8s.io/v1beta1": [row(["Ingress", "IngressClass"], [19, 22], "networking.k8s.io/v1")],
  "rbac.authorization.k8s.io/v1beta1": [
    row(
      ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
      [8, 22],
      "rbac.authorization.k8s.io/v1",
    ),
  ],
  "scheduling.k8s.io/v1beta1": [row(["PriorityClass"], [14, 22], "scheduling.k8s.io/v1")],
  "storage.k8s.io/v1beta1": [
    row(["CSIDriver"], [19, 22], "storage.k8s.io/v1"),
    row(["CSINode"], [17, 22], "storage.k8s.io/v1"),
    row(["StorageClass"], [6, 22], "storage.k8s.io/v1"),
    row(["VolumeAttachment"], [13, 22], "storage.k8s.io/v1"),
    row(["CSIStorageCapacity"], [24, 27], "storage.k8s.io/v1"),
  ],
  "batch/v1beta1": [row(["CronJob"], [21, 25], "batch/v1")],
  "discovery.k8s.io/v1beta1": [row(["EndpointSlice"], [21, 25], "discovery.k8s.io/v1")],
  "events.k8s.io/v1beta1": [row(["Event"], [19, 25], "events.k8s.io/v1")],
  "autoscaling/v2beta1": [row(["HorizontalPodAutoscaler"], [23, 25], "autoscaling/v2")],
  "autoscaling/v2beta2": [row(["HorizontalPodAutoscaler"], [23, 26], "autoscaling/v2")],
  "policy/v1beta1": [
    row(["PodDisruptionBudget"], [21, 25], "policy/v1"),
    row(["PodSecurityPolicy"], [21, 25], undefined),
  ],
  "node.k8s.io/v1beta1": [row(["RuntimeClass"], [20, 25], "node.k8s.io/v1")],
  ...Object.fromEntries(
    [
      ["v1beta1", 26],
      ["v1beta2", 29],
      ["v1beta3", 32],
    ].map(([version, removed]) => [
      `flowcontrol.apiserver.k8s.io/${version}`,
      [
        row(
          ["FlowSchema", "PriorityLevelConfiguration"],
          [29, Number(removed)],
          "flowcontrol.apiserver.k8s.io/v1",
        ),
      ],
    ]),
  ),
};

function row(
  kinds: readonly string[],
  [since, removedIn]: readonly [number, number],
  replacement: string | undefined,
): Row {
  return { kinds, since, removedIn, replacement };
}

/** What becomes of a kind in a minor version of Kubernetes; undefined for one that stays, or is unknown. */
export function apiLife(apiVersion: string, kind: string, minor: number): ApiLife | undefined {
  const rows = Object.hasOwn(table, apiVersion) ? table[apiVersion] : undefined;
  const found = rows?.find(({ kinds }) => kinds.includes(kind));
  if (found === undefined) return undefined;
  const { removedIn, since, replacement } = found;
  if (minor >= removedIn) return { state: "removed", removedIn, replacement };
  return minor >= since ? { state: "deprecated", removedIn, replacement } : undefined;
}
