import type { HealthCheck } from "../check.ts";
import { health } from "../health.ts";
import type { Row } from "./rule.ts";

/** Each of Gatekeeper's pods says what is wrong with a template. */
const constraintTemplateHealth: HealthCheck = (object) => {
  const wrong = object
    .list("status", "byPod")
    .flatMap((pod) => pod.list("errors"))
    .map((error) => error.words("message") || error.words("code"));
  if (wrong.length > 0) return health("Degraded", wrong[0]);
  return object.boolean("status", "created")
    ? health("Healthy")
    : health("Progressing", "Waiting for status.created");
};

const ready = { Degraded: "Ready=False", Healthy: "Ready=True" };

/** Policy engines and multi-tenancy. */
export const policyRows: readonly Row[] = [
  {
    groups: "kyverno.io",
    kinds: "ClusterPolicy Policy",
    Degraded: "Ready=False",
    Healthy: "Ready=True or .status.ready=true",
  },
  {
    groups: "policies.kyverno.io",
    kinds:
      "ValidatingPolicy MutatingPolicy GeneratingPolicy DeletingPolicy ImageValidatingPolicy NamespacedValidatingPolicy NamespacedMutatingPolicy NamespacedGeneratingPolicy NamespacedDeletingPolicy NamespacedImageValidatingPolicy",
    Degraded: ".status.conditionStatus.ready=false & .status.conditionStatus.message",
    Healthy: ".status.conditionStatus.ready=true",
    message: ".status.conditionStatus.message",
  },
  {
    groups: "templates.gatekeeper.sh",
    kinds: "ConstraintTemplate",
    check: constraintTemplateHealth,
    says: {
      Degraded: "a pod of Gatekeeper reports an error",
      Progressing: "`.status.created` is not true yet",
      Healthy: "`.status.created=true`",
    },
  },
  { groups: "constraints.gatekeeper.sh", kinds: "*", otherwise: "nothing" },
  {
    groups: "policies.kubewarden.io",
    kinds: "ClusterAdmissionPolicy AdmissionPolicy ClusterAdmissionPolicyGroup AdmissionPolicyGroup",
    Degraded: ".status.policyStatus=unschedulable",
    Healthy: ".status.policyStatus=active",
  },
  {
    groups: "policy.open-cluster-management.io",
    kinds: "Policy ConfigurationPolicy CertificatePolicy OperatorPolicy",
    Suspended: ".spec.disabled=true",
    Degraded: ".status.compliant=NonCompliant",
    Healthy: ".status.compliant=Compliant",
  },
  {
    groups: "capsule.clastix.io",
    kinds: "Tenant",
    Suspended: "Cordoned=True or .status.state=Cordoned",
    Degraded: "Ready=False",
    Healthy: "Ready=True or .status.state=Active",
  },
  {
    groups: "capsule.clastix.io",
    kinds:
      "CustomQuota GlobalCustomQuota GlobalTenantResource TenantResource ResourcePool ResourcePoolClaim TenantOwner",
    Suspended: "Cordoned=True",
    ...ready,
    otherwise: "nothing",
  },
  {
    groups: "capsule.clastix.io",
    kinds: "CapsuleConfiguration ProxySetting GlobalProxySettings",
    ...ready,
    otherwise: "nothing",
  },
];
