import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const cloneSet = (spec: JsonObject, counts: JsonObject): JsonObject => ({
  spec: { replicas: 3, ...spec },
  status: { observedGeneration: 2, ...counts },
});

const examples: Example[] = [
  [
    "apps.kruise.io/v1alpha1 CloneSet",
    cloneSet({ updateStrategy: { paused: true } }, {}),
    "Suspended",
    "CloneSet is paused",
  ],
  [
    "apps.kruise.io/v1alpha1 CloneSet",
    cloneSet({}, { updatedReplicas: 2, readyReplicas: 3 }),
    "Progressing",
    "2 of 3 replicas are updated",
  ],
  [
    "apps.kruise.io/v1alpha1 CloneSet",
    cloneSet({ updateStrategy: { partition: "50%" } }, { updatedReplicas: 2, readyReplicas: 3 }),
    "Healthy",
    "3 of 3 replicas are ready",
  ],
  [
    "apps.kruise.io/v1beta1 StatefulSet",
    cloneSet({}, { updatedReplicas: 3, readyReplicas: 1 }),
    "Progressing",
    "1 of 3 replicas are ready",
  ],
  [
    "apps.kruise.io/v1alpha1 DaemonSet",
    { status: { observedGeneration: 1 } },
    "Progressing",
    "Waiting for the new spec to be observed",
  ],
  ["apps.kruise.io/v1alpha1 BroadcastJob", status({ phase: "failed" }), "Degraded", "status.phase is failed"],
  [
    "rollouts.kruise.io/v1beta1 Rollout",
    status({ phase: "Progressing", message: "step 1", canaryStatus: { currentStepState: "StepPaused" } }),
    "Suspended",
    "step 1",
  ],
  [
    "apps.openshift.io/v1 DeploymentConfig",
    cloneSet({}, { updatedReplicas: 3, availableReplicas: 3 }),
    "Healthy",
    "3 of 3 replicas are ready",
  ],
  [
    "apps.openshift.io/v1 DeploymentConfig",
    {
      status: {
        observedGeneration: 2,
        conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded", "rollout failed")],
      },
    },
    "Degraded",
    "rollout failed",
  ],
  [
    "kubevirt.io/v1 VirtualMachine",
    status({ printableStatus: "Stopped" }),
    "Suspended",
    "status.printableStatus is Stopped",
  ],
  [
    "kubevirt.io/v1 VirtualMachine",
    status({ printableStatus: "Starting" }),
    "Progressing",
    "status.printableStatus is Starting",
  ],
  [
    "kubevirt.io/v1 VirtualMachine",
    status({ printableStatus: "Running", conditions: [condition("Ready", "True", "")] }),
    "Healthy",
    "status.printableStatus is Running",
  ],
  [
    "kubevirt.io/v1 VirtualMachine",
    status({ printableStatus: "ErrorUnschedulable" }),
    "Degraded",
    "status.printableStatus is ErrorUnschedulable",
  ],
  [
    "cdi.kubevirt.io/v1beta1 DataVolume",
    status({ phase: "ImportInProgress" }),
    "Progressing",
    "status.phase is ImportInProgress",
  ],
  [
    "karpenter.sh/v1 NodePool",
    conditions(condition("Ready", "False", "NodeClassNotReady", "no subnets")),
    "Degraded",
    "no subnets",
  ],
  [
    "autoscaling.k8s.io/v1 VerticalPodAutoscaler",
    conditions(condition("RecommendationProvided", "True", "")),
    "Healthy",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
