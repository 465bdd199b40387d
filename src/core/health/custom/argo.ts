import type { Row } from "./rule.ts";

const phases = {
  Degraded: ".status.phase=Failed|Error",
  Healthy: ".status.phase=Successful|Succeeded",
  message: ".status.message",
};

/** Ocean CD's SpotDeployment is a Rollout by another name. */
const rollout = {
  Suspended: ".spec.paused=true or .status.phase=Paused",
  Degraded: ".status.phase=Degraded or InvalidSpec=True",
  Healthy: ".status.phase=Healthy",
  message: ".status.message",
};

/** Argo Rollouts, Workflows and Events, the image updater, the GitOps promoter, Kargo. */
export const argoRows: readonly Row[] = [
  { groups: "argoproj.io", kinds: "Rollout", ...rollout },
  { groups: "spot.io", kinds: "SpotDeployment", ...rollout, otherwise: "nothing" },
  {
    groups: "argoproj.io",
    kinds: "AnalysisRun",
    Suspended: ".status.phase=Inconclusive",
    ...phases,
  },
  { groups: "argoproj.io", kinds: "Experiment WorkflowTaskSet", ...phases },
  {
    groups: "argoproj.io",
    kinds: "CronWorkflow",
    Suspended: ".spec.suspend=true",
    Degraded: "SubmissionError=True or SpecError=True",
    otherwise: "Healthy",
  },
  {
    groups: "argoproj.io",
    kinds: "EventBus EventSource Sensor",
    Degraded: "*=False",
    Healthy: "Deployed=True",
  },
  {
    groups: "argoproj.io",
    kinds: "ApplicationSet",
    Degraded: "ErrorOccurred=True",
    Progressing: "RolloutProgressing=True",
    Healthy: "ResourcesUpToDate=True",
  },
  {
    groups: "argoproj.io",
    kinds: "ArgoCD",
    Degraded: ".status.phase=Failed",
    Healthy: ".status.phase=Available",
  },
  {
    groups: "argocd-image-updater.argoproj.io",
    kinds: "ImageUpdater",
    Degraded: "Error=True or Ready=False & !Reconciling=True",
    Progressing: "Reconciling=True",
    Healthy: "Ready=True",
  },
  {
    groups: "promoter.argoproj.io",
    kinds:
      "ArgoCDCommitStatus ChangeTransferPolicy GitCommitStatus PromotionStrategy PullRequest TimedCommitStatus WebRequestCommitStatus",
    Degraded: "Ready=False",
    Healthy: "Ready=True",
  },
  {
    groups: "promoter.argoproj.io",
    kinds: "*",
    Degraded: "Ready=False",
    Healthy: "Ready=True",
    otherwise: "nothing",
  },
  {
    groups: "kargo.akuity.io",
    kinds: "Promotion",
    Degraded: ".status.phase=Failed|Errored|Aborted",
    Healthy: ".status.phase=Succeeded",
    message: ".status.message",
  },
  {
    groups: "kargo.akuity.io",
    kinds: "Stage",
    Degraded: ".status.health.status=Unhealthy",
    Progressing: ".status.health.status=Progressing",
    Healthy: ".status.health.status=Healthy",
    otherwise: "nothing",
    message: ".status.health.issues",
  },
  {
    groups: "kargo.akuity.io",
    kinds: "Warehouse Project",
    Degraded: "Healthy=False or Ready=False(!ReconciliationInProgress)",
    Healthy: "Ready=True or .status.phase=Ready",
    otherwise: "nothing",
  },
];
