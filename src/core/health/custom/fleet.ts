import type { HealthCheck } from "../check.ts";
import { health } from "../health.ts";
import { conditionOf, hasStatus, isBehind, wordsOf } from "./conditions.ts";
import type { Row } from "./rule.ts";

/** Karmada gathers what each member cluster says of what was sent there. */
const bindingHealth: HealthCheck = (object) => {
  const members = object.list("status", "aggregatedStatus");
  const failed = members.find(
    (member) => member.words("health") === "Unhealthy" || member.words("appliedMessage") !== "",
  );
  if (failed !== undefined) {
    const why = failed.words("appliedMessage") || "unhealthy";
    return health("Degraded", `${failed.words("clusterName")}: ${why}`);
  }
  const conditions = object.list("status", "conditions");
  const scheduled = conditionOf(conditions, "Scheduled");
  const applied = conditionOf(conditions, "FullyApplied");
  if (scheduled !== undefined && hasStatus(scheduled, "False")) {
    return health("Progressing", wordsOf(scheduled));
  }
  const done = applied !== undefined && hasStatus(applied, "True") && !isBehind(object);
  if (!done) return health("Progressing", "Waiting for condition FullyApplied");
  return health("Healthy", wordsOf(applied));
};

/** Sveltos says for each feature how far it is. */
const clusterSummaryHealth: HealthCheck = (object) => {
  const features = object.list("status", "featureSummaries");
  const failed = features.find((feature) => feature.words("status").startsWith("Failed"));
  if (failed !== undefined) {
    return health("Degraded", failed.words("failureMessage") || `${failed.words("featureID")} failed`);
  }
  const waiting = features.find((feature) => feature.words("status") !== "Provisioned");
  if (waiting !== undefined) {
    return health("Progressing", `${waiting.words("featureID")} is ${waiting.words("status")}`);
  }
  return features.length === 0
    ? health("Progressing", "Waiting for status.featureSummaries")
    : health("Healthy");
};

/** Many clusters: Open Cluster Management, Karmada, Rancher, Sveltos. */
export const fleetRows: readonly Row[] = [
  {
    groups: "cluster.open-cluster-management.io",
    kinds: "ManagedCluster",
    Degraded: "ManagedClusterConditionAvailable=False or HubAcceptedManagedCluster=False",
    Healthy: "ManagedClusterConditionAvailable=True",
  },
  {
    groups: "cluster.open-cluster-management.io",
    kinds: "Placement",
    Degraded: "PlacementMisconfigured=True",
    Healthy: "PlacementSatisfied=True",
  },
  {
    groups: "work.open-cluster-management.io",
    kinds: "ManifestWork",
    Degraded: "Applied=False",
    Healthy: "Applied=True & Available=True",
  },
  {
    groups: "work.open-cluster-management.io",
    kinds: "ManifestWorkReplicaSet",
    Healthy: "ManifestworkApplied=True",
  },
  {
    groups: "addon.open-cluster-management.io",
    kinds: "ManagedClusterAddOn",
    Degraded: "Degraded=True",
    Healthy: "Available=True",
  },
  {
    groups: "operator.open-cluster-management.io",
    kinds: "MultiClusterHub",
    Suspended: ".status.phase=Paused",
    Degraded: ".status.phase=Error",
    Healthy: ".status.phase=Running",
  },
  {
    groups: "operator.open-cluster-management.io",
    kinds: "ClusterManager Klusterlet",
    Degraded: "Applied=False",
    Healthy: "Applied=True",
  },
  {
    groups: "work.karmada.io",
    kinds: "ResourceBinding ClusterResourceBinding",
    check: bindingHealth,
    says: {
      Degraded: "a member cluster reports Unhealthy or could not apply it",
      Progressing: "it is not scheduled, or not fully applied yet",
      Healthy: "`FullyApplied=True`",
    },
  },
  { groups: "work.karmada.io", kinds: "Work", Degraded: "Applied=False", Healthy: "Applied=True" },
  { groups: "cluster.karmada.io", kinds: "Cluster", Degraded: "Ready=False", Healthy: "Ready=True" },
  {
    groups: "core.gardener.cloud",
    kinds: "Shoot",
    Suspended: ".status.hibernated=true",
    Degraded: ".status.lastOperation.state=Failed|Aborted or .status.lastOperation.state=Succeeded & *=False",
    Healthy: ".status.lastOperation.state=Succeeded",
    message: ".status.lastOperation.description",
  },
  {
    groups: "fleet.cattle.io",
    kinds: "GitRepo Bundle BundleDeployment HelmOp Cluster ClusterGroup",
    Suspended: ".spec.paused=true",
    Degraded: "Stalled=True or Accepted=False",
    Healthy: "Ready=True",
  },
  { groups: "provisioning.cattle.io", kinds: "Cluster", Degraded: "Stalled=True", Healthy: "Ready=True" },
  {
    groups: "upgrade.cattle.io",
    kinds: "Plan",
    Degraded: "Validated=False or LatestResolved=False",
    Healthy: "Complete=True or LatestResolved=True & !Complete=False & !Complete=Unknown",
  },
  {
    groups: "helm.cattle.io",
    kinds: "HelmChart",
    Degraded: "Failed=True",
    Healthy: "JobCreated=True",
    otherwise: "nothing",
  },
  {
    groups: "config.projectsveltos.io",
    kinds: "ClusterSummary",
    check: clusterSummaryHealth,
    says: {
      Degraded: "a feature failed",
      Progressing: "a feature is not provisioned yet",
      Healthy: "every feature is provisioned",
    },
  },
  {
    groups: "lib.projectsveltos.io",
    kinds: "SveltosCluster",
    Suspended: ".spec.paused=true",
    Degraded: ".status.failureMessage",
    Healthy: ".status.ready=true",
    message: ".status.failureMessage",
  },
];
