import { expect, it } from "vitest";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

const examples: Example[] = [
  ["argoproj.io/v1alpha1 Rollout", {}, "Progressing", "Waiting for status.phase"],
  [
    "argoproj.io/v1alpha1 Rollout",
    status({ phase: "Healthy", observedGeneration: "2" }),
    "Healthy",
    "status.phase is Healthy",
  ],
  [
    "argoproj.io/v1alpha1 Rollout",
    status({ phase: "Healthy", observedGeneration: "1" }),
    "Progressing",
    "Waiting for generation 2 to be observed",
  ],
  [
    "argoproj.io/v1alpha1 Rollout",
    status({ phase: "Paused", message: "CanaryPauseStep" }),
    "Suspended",
    "CanaryPauseStep",
  ],
  [
    "argoproj.io/v1alpha1 Rollout",
    status({ phase: "Degraded", message: "RolloutAborted: metric error-rate failed" }),
    "Degraded",
    "RolloutAborted: metric error-rate failed",
  ],
  [
    "argoproj.io/v1alpha1 Rollout",
    status({ phase: "Progressing", message: "more replicas need to be updated" }),
    "Progressing",
    "more replicas need to be updated",
  ],
  [
    "argoproj.io/v1alpha1 AnalysisRun",
    status({ phase: "Running" }),
    "Progressing",
    "status.phase is Running",
  ],
  [
    "argoproj.io/v1alpha1 AnalysisRun",
    status({ phase: "Successful" }),
    "Healthy",
    "status.phase is Successful",
  ],
  [
    "argoproj.io/v1alpha1 AnalysisRun",
    status({ phase: "Failed", message: "metric latency failed" }),
    "Degraded",
    "metric latency failed",
  ],
  [
    "argoproj.io/v1alpha1 AnalysisRun",
    status({ phase: "Inconclusive" }),
    "Suspended",
    "status.phase is Inconclusive",
  ],
  ["argoproj.io/v1alpha1 CronWorkflow", {}, "Healthy"],
  [
    "argoproj.io/v1alpha1 CronWorkflow",
    conditions(condition("SubmissionError", "True", "", "no such template")),
    "Degraded",
    "no such template",
  ],
  [
    "argoproj.io/v1alpha1 EventSource",
    conditions(condition("SourcesProvided", "True", ""), condition("Deployed", "True", "")),
    "Healthy",
  ],
  [
    "argoproj.io/v1alpha1 ApplicationSet",
    conditions(condition("ErrorOccurred", "True", "ApplicationGenerationFromParamsError", "bad template")),
    "Degraded",
    "bad template",
  ],
  [
    "argoproj.io/v1alpha1 ApplicationSet",
    conditions(
      condition("ErrorOccurred", "False", "ApplicationSetUpToDate", "all applications have been generated"),
      condition(
        "ResourcesUpToDate",
        "True",
        "ApplicationSetUpToDate",
        "all applications have been generated",
      ),
    ),
    "Healthy",
    "all applications have been generated",
  ],
  ["kargo.akuity.io/v1alpha1 Stage", {}, "none"],
  [
    "kargo.akuity.io/v1alpha1 Stage",
    status({ health: { status: "Unhealthy", issues: ["app is Degraded"] } }),
    "Degraded",
    "app is Degraded",
  ],
  ["promoter.argoproj.io/v1alpha1 GitRepository", {}, "none"],
  [
    "promoter.argoproj.io/v1alpha1 PullRequest",
    conditions(condition("Ready", "False", "ReconciliationError", "403")),
    "Degraded",
    "403",
  ],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
