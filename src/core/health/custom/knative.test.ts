import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["serving.knative.dev/v1 Service", {}, "Progressing", "Waiting for condition Ready"],
  [
    "serving.knative.dev/v1 Service",
    conditions(condition("Ready", "Unknown", "RevisionMissing", "Configuration is waiting")),
    "Progressing",
    "Configuration is waiting",
  ],
  [
    "serving.knative.dev/v1 Service",
    conditions(condition("Ready", "False", "RevisionFailed", "image not found")),
    "Degraded",
    "image not found",
  ],
  ["eventing.knative.dev/v1 Broker", conditions(condition("Ready", "True", "")), "Healthy"],
  [
    "operator.knative.dev/v1beta1 KnativeServing",
    conditions(
      condition("InstallSucceeded", "True", ""),
      condition("Ready", "False", "NotReady", "Waiting on deployments"),
    ),
    "Progressing",
    "Waiting on deployments",
  ],
  [
    "camel.apache.org/v1 Integration",
    status({ phase: "Building Kit" }),
    "Progressing",
    "status.phase is Building Kit",
  ],
  [
    "camel.apache.org/v1 Integration",
    status({ phase: "Running", conditions: [condition("Ready", "True", "DeploymentReady")] }),
    "Healthy",
    "status.phase is Running",
  ],
  [
    "openfaas.com/v1 Function",
    conditions(condition("Stalled", "True", "ProfileNotFound", "no such profile")),
    "Degraded",
    "no such profile",
  ],
  [
    "keda.sh/v1alpha1 ScaledObject",
    conditions(condition("Paused", "True", "ScaledObjectPaused", "ScaledObject is paused")),
    "Suspended",
    "ScaledObject is paused",
  ],
  [
    "keda.sh/v1alpha1 ScaledObject",
    conditions(condition("Ready", "False", "ScaledObjectCheckFailed", "no metrics")),
    "Degraded",
    "no metrics",
  ],
  [
    "keda.sh/v1alpha1 ScaledJob",
    conditions(condition("Ready", "True", "ScaledJobReady", "ready to scale")),
    "Healthy",
    "ready to scale",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
