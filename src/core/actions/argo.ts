import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewObject, viewPath, viewString } from "#core/object/index.ts";
import type { ActionTable, BuiltInAction } from "./action.ts";
import { change, createdBy, specIs } from "./change.ts";

/** Nothing of the rollout is left to abort or promote. */
function isPromoted(rollout: KubeObject): boolean {
  const { status } = rollout;
  if (status === undefined) return true;
  return viewString(rollout, "status", "currentPodHash") === viewString(rollout, "status", "stableRS");
}

const isAborted = (rollout: KubeObject) => viewPath(rollout, "status", "abort") === true;
const pausesOf = (rollout: KubeObject) => viewArray(rollout, "status", "pauseConditions");

function isPaused(rollout: KubeObject): boolean {
  const pauses = viewPath(rollout, "status", "pauseConditions");
  return pauses === undefined ? specIs("paused")(rollout) : pausesOf(rollout).length > 0;
}

function stepsLeft(rollout: KubeObject): number {
  const steps = viewArray(rollout, "spec", "strategy", "canary", "steps");
  return steps.length - (viewNumber(rollout, "status", "currentStepIndex") ?? 0);
}

/** What the Rollouts plugin for kubectl does: most of it is asked for in the status, where the controller looks for it. */
const rollout: readonly BuiltInAction[] = [
  change("abort", { status: { abort: true } }, { isDisabled: (one) => isPromoted(one) || isAborted(one) }),
  change(
    "pause",
    { spec: { paused: true } },
    { isDisabled: (one) => isPromoted(one) || isAborted(one) || specIs("paused")(one) },
  ),
  change("promote-full", { status: { promoteFull: true } }, { isDisabled: isPromoted }),
  change("restart", (_, { now }) => ({ spec: { restartAt: now } })),
  change("resume", resumed, { isDisabled: (one) => !isPaused(one) }),
  change("retry", { status: { abort: null } }, { isDisabled: (one) => isPromoted(one) || !isAborted(one) }),
  change(
    "skip-current-step",
    (one) => ({
      status: {
        pauseConditions: null,
        currentStepIndex: (viewNumber(one, "status", "currentStepIndex") ?? 0) + 1,
      },
    }),
    { isDisabled: (one) => one["status"] === undefined || stepsLeft(one) <= 0 },
  ),
];

function resumed(one: KubeObject): JsonObject {
  return {
    ...(pausesOf(one).length > 0 ? { status: { pauseConditions: null } } : {}),
    ...(specIs("paused")(one) ? { spec: { paused: false } } : {}),
  };
}

const endedAnalyses = ["Successful", "Failed", "Error", "Inconclusive"];

const terminate = change(
  "terminate",
  { spec: { terminate: true } },
  {
    isDisabled: (run) =>
      specIs("terminate")(run) || endedAnalyses.includes(viewString(run, "status", "phase") ?? ""),
  },
);

const workflow = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow" } as const;
const instanceLabel = "workflows.argoproj.io/controller-instanceid";

const runCronWorkflow: BuiltInAction = {
  name: "create-workflow",
  run: (object, input) => {
    const given = viewObject(object, "spec", "workflowMetadata");
    const instance = object.metadata.labels?.[instanceLabel];
    const labels = {
      ...viewObject(given, "labels"),
      "workflows.argoproj.io/cron-workflow": object.metadata.name ?? "",
      ...(instance === undefined ? {} : { [instanceLabel]: instance }),
    };
    const annotations = {
      ...viewObject(given, "annotations"),
      "workflows.argoproj.io/scheduled-time": input.now,
    };
    const finalizers = viewArray(given, "finalizers");
    const metadata = { labels, annotations, ...(finalizers.length === 0 ? {} : { finalizers }) };
    const spec = viewObject(object, "spec", "workflowSpec");
    return createdBy(object, input, { ...workflow, metadata, spec });
  },
};

const runWorkflowTemplate: BuiltInAction = {
  name: "create-workflow",
  run: (object, input) => {
    const { name = "" } = object.metadata;
    return createdBy(object, input, {
      ...workflow,
      metadata: { labels: { "workflows.argoproj.io/workflow-template": name } },
      spec: { workflowTemplateRef: { name } },
    });
  },
};

function syncsItself(application: KubeObject): boolean {
  const automated = viewPath(application, "spec", "syncPolicy", "automated");
  return isJsonObject(automated) && automated["enabled"] !== false;
}

const toggleAutoSync = change(
  "toggle-auto-sync",
  (application) => ({ spec: { syncPolicy: { automated: { enabled: !syncsItself(application) } } } }),
  { displayName: (application) => `${syncsItself(application) ? "Disable" : "Enable"} Auto-Sync` },
);

export const argoActions: ActionTable = {
  "argoproj.io/AnalysisRun": [terminate],
  "argoproj.io/Application": [toggleAutoSync],
  "argoproj.io/CronWorkflow": [runCronWorkflow],
  "argoproj.io/Rollout": rollout,
  "argoproj.io/WorkflowTemplate": [runWorkflowTemplate],
  "promoter.argoproj.io/PullRequest": [
    change(
      "merge",
      { spec: { state: "merged" } },
      {
        isDisabled: (request) => viewString(request, "spec", "state") !== "open",
      },
    ),
  ],
};
