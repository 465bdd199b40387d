import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  [
    "tekton.dev/v1 PipelineRun",
    conditions(condition("Succeeded", "Unknown", "Running", "Tasks Completed: 1")),
    "Progressing",
    "Tasks Completed: 1",
  ],
  [
    "tekton.dev/v1 PipelineRun",
    conditions(condition("Succeeded", "False", "Failed", "a task failed")),
    "Degraded",
    "a task failed",
  ],
  [
    "tekton.dev/v1 TaskRun",
    conditions(condition("Succeeded", "True", "Succeeded", "All Steps have completed executing")),
    "Healthy",
    "All Steps have completed executing",
  ],
  [
    "sparkoperator.k8s.io/v1beta2 SparkApplication",
    status({ applicationState: { state: "SUBMITTED" } }),
    "Progressing",
    "status.applicationState.state is SUBMITTED",
  ],
  [
    "sparkoperator.k8s.io/v1beta2 SparkApplication",
    status({ applicationState: { state: "FAILED", errorMessage: "driver failed" } }),
    "Degraded",
    "driver failed",
  ],
  [
    "sparkoperator.k8s.io/v1beta2 SparkApplication",
    status({ applicationState: { state: "RUNNING" } }),
    "Healthy",
    "status.applicationState.state is RUNNING",
  ],
  [
    "flink.apache.org/v1beta1 FlinkDeployment",
    status({ lifecycleState: "UPGRADING", jobStatus: { state: "RUNNING" } }),
    "Progressing",
    "status.lifecycleState is UPGRADING",
  ],
  [
    "flink.apache.org/v1beta1 FlinkDeployment",
    status({ lifecycleState: "STABLE" }),
    "Healthy",
    "status.lifecycleState is STABLE",
  ],
  [
    "flink.apache.org/v1beta1 FlinkDeployment",
    status({ lifecycleState: "ROLLED_BACK", error: "job kept failing" }),
    "Degraded",
    "job kept failing",
  ],
  [
    "flink.apache.org/v1beta1 FlinkBlueGreenDeployment",
    status({ blueGreenState: "TRANSITIONING_TO_GREEN" }),
    "Progressing",
    "status.blueGreenState is TRANSITIONING_TO_GREEN",
  ],
  ["ray.io/v1 RayCluster", status({ state: "ready" }), "Healthy", "status.state is ready"],
  [
    "ray.io/v1 RayJob",
    status({ jobDeploymentStatus: "Failed", message: "out of memory" }),
    "Degraded",
    "out of memory",
  ],
  [
    "batch.volcano.sh/v1alpha1 Job",
    status({ state: { phase: "Running" } }),
    "Progressing",
    "status.state.phase is Running",
  ],
  [
    "kueue.x-k8s.io/v1beta1 ClusterQueue",
    conditions(condition("Active", "False", "FlavorNotFound", "flavor gpu not found")),
    "Degraded",
    "flavor gpu not found",
  ],
  [
    "jobset.x-k8s.io/v1alpha2 JobSet",
    conditions(condition("Completed", "True", "AllJobsCompleted", "jobset completed successfully")),
    "Healthy",
    "jobset completed successfully",
  ],
  [
    "kubeflow.org/v1 PyTorchJob",
    conditions(condition("Running", "True", "PyTorchJobRunning")),
    "Progressing",
    "Waiting for condition Complete",
  ],
  [
    "kubeflow.org/v1 PyTorchJob",
    conditions(condition("Failed", "True", "PyTorchJobFailed", "worker failed")),
    "Degraded",
    "worker failed",
  ],
  [
    "serving.kserve.io/v1beta1 InferenceService",
    status({
      modelStatus: {
        transitionStatus: "BlockedByFailedLoad",
        lastFailureInfo: { message: "model not found" },
      },
    }),
    "Degraded",
    "model not found",
  ],
  [
    "numaflow.numaproj.io/v1alpha1 Pipeline",
    status({
      phase: "Running",
      conditions: [condition("DaemonServiceHealthy", "False", "Failed", "pod crashes")],
    }),
    "Degraded",
    "pod crashes",
  ],
  [
    "numaflow.numaproj.io/v1alpha1 Pipeline",
    status({ phase: "Paused" }),
    "Suspended",
    "status.phase is Paused",
  ],
  [
    "numaflow.numaproj.io/v1alpha1 MonoVertex",
    status({ phase: "Running" }),
    "Healthy",
    "status.phase is Running",
  ],
  [
    "numaplane.numaproj.io/v1alpha1 PipelineRollout",
    status({ phase: "Pending" }),
    "Progressing",
    "status.phase is Pending",
  ],
  [
    "numaplane.numaproj.io/v1alpha1 PipelineRollout",
    status({ phase: "Deployed", conditions: [condition("ChildResourcesHealthy", "True", "")] }),
    "Healthy",
    "status.phase is Deployed",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
