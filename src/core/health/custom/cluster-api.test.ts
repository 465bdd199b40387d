import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  [
    "core.gardener.cloud/v1beta1 Shoot",
    status({ lastOperation: { state: "Processing", description: "Waiting for the API server" } }),
    "Progressing",
    "Waiting for the API server",
  ],
  [
    "core.gardener.cloud/v1beta1 Shoot",
    status({
      lastOperation: { state: "Succeeded", description: "Shoot cluster has been successfully reconciled." },
    }),
    "Healthy",
    "Shoot cluster has been successfully reconciled.",
  ],
  [
    "core.gardener.cloud/v1beta1 Shoot",
    status({
      lastOperation: { state: "Succeeded" },
      conditions: [condition("EveryNodeReady", "False", "NodeNotReady", "node-1 is not ready")],
    }),
    "Degraded",
    "node-1 is not ready",
  ],
  ["cluster.x-k8s.io/v1beta1 Cluster", { spec: { paused: true } }, "Suspended", "spec.paused is true"],
  ["cluster.x-k8s.io/v1beta1 Cluster", {}, "Progressing", "Waiting for condition Ready"],
  [
    "cluster.x-k8s.io/v1beta1 Cluster",
    status({ phase: "Provisioning" }),
    "Progressing",
    "status.phase is Provisioning",
  ],
  [
    "cluster.x-k8s.io/v1beta1 Cluster",
    status({
      phase: "Provisioned",
      conditions: [{ ...condition("Ready", "False", "WaitingForKubeadmInit"), severity: "Info" }],
    }),
    "Progressing",
    "WaitingForKubeadmInit",
  ],
  [
    "cluster.x-k8s.io/v1beta1 Cluster",
    status({
      phase: "Provisioned",
      conditions: [{ ...condition("Ready", "False", "BootstrapFailed", "timed out"), severity: "Error" }],
    }),
    "Degraded",
    "timed out",
  ],
  [
    "cluster.x-k8s.io/v1beta2 Cluster",
    status({ phase: "Provisioned", conditions: [condition("Available", "True", "Available")] }),
    "Healthy",
    "Available",
  ],
  ["cluster.x-k8s.io/v1beta1 MachineDeployment", status({ phase: "Running" }), "Healthy", "Running"],
  [
    "cluster.x-k8s.io/v1beta1 Machine",
    status({ phase: "Failed", failureMessage: "no capacity" }),
    "Degraded",
    "no capacity",
  ],
  ["infrastructure.cluster.x-k8s.io/v1beta2 AWSMachineTemplate", {}, "none"],
  ["infrastructure.cluster.x-k8s.io/v1beta2 AWSCluster", status({ ready: true }), "Healthy"],
  [
    "cluster.open-cluster-management.io/v1 ManagedCluster",
    conditions(
      condition(
        "ManagedClusterConditionAvailable",
        "False",
        "ManagedClusterLeaseUpdateStopped",
        "stopped reporting",
      ),
    ),
    "Degraded",
    "stopped reporting",
  ],
  [
    "policy.open-cluster-management.io/v1 Policy",
    status({ compliant: "NonCompliant" }),
    "Degraded",
    "status.compliant is NonCompliant",
  ],
  [
    "work.karmada.io/v1alpha2 ResourceBinding",
    status({
      aggregatedStatus: [
        { clusterName: "east", applied: true, health: "Healthy" },
        { clusterName: "west", health: "Unhealthy" },
      ],
    }),
    "Degraded",
    "west: unhealthy",
  ],
  [
    "work.karmada.io/v1alpha2 ResourceBinding",
    status({
      schedulerObservedGeneration: 2,
      conditions: [
        condition("Scheduled", "True", "Success"),
        condition("FullyApplied", "True", "FullyAppliedSuccess", "All works have been applied"),
      ],
    }),
    "Healthy",
    "All works have been applied",
  ],
  [
    "work.karmada.io/v1alpha2 ResourceBinding",
    conditions(condition("Scheduled", "False", "NoClusterFit", "0/2 clusters fit")),
    "Progressing",
    "0/2 clusters fit",
  ],
  [
    "fleet.cattle.io/v1alpha1 GitRepo",
    conditions(condition("Stalled", "True", "", "authentication required")),
    "Degraded",
    "authentication required",
  ],
  [
    "config.projectsveltos.io/v1beta1 ClusterSummary",
    status({ featureSummaries: [{ featureID: "Helm", status: "Provisioning" }] }),
    "Progressing",
    "Helm is Provisioning",
  ],
  [
    "config.projectsveltos.io/v1beta1 ClusterSummary",
    status({
      featureSummaries: [{ featureID: "Helm", status: "Failed", failureMessage: "chart not found" }],
    }),
    "Degraded",
    "chart not found",
  ],
  [
    "config.projectsveltos.io/v1beta1 ClusterSummary",
    status({ featureSummaries: [{ featureID: "Helm", status: "Provisioned" }] }),
    "Healthy",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
