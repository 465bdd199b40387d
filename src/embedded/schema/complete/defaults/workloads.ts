import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";
import { type Defaulter, fill, filling, open } from "./draft.ts";

const apps = "io.k8s.api.apps.v1.";
const batch = "io.k8s.api.batch.v1.";
const autoscaling = "io.k8s.api.autoscaling.v2.";
const maxInt32 = 2 ** 31 - 1;

const deploymentStrategy: Defaulter = (draft) => {
  fill(draft, { type: "RollingUpdate" });
  if (draft["type"] === "RollingUpdate") {
    fill(open(draft, "rollingUpdate"), { maxUnavailable: "25%", maxSurge: "25%" });
  }
};

const daemonSetStrategy: Defaulter = (draft) => {
  fill(draft, { type: "RollingUpdate" });
  if (draft["type"] === "RollingUpdate")
    fill(open(draft, "rollingUpdate"), { maxUnavailable: 1, maxSurge: 0 });
};

/** Who names the strategy without its values gets none of them. */
const statefulSetStrategy: Defaulter = (draft) => {
  if (draft["type"] === undefined) fill(draft, { type: "RollingUpdate", rollingUpdate: {} });
  if (draft["type"] !== "RollingUpdate" || draft["rollingUpdate"] === undefined) return;
  fill(open(draft, "rollingUpdate"), { partition: 0, maxUnavailable: 1 });
};

const statefulSetSpec: Defaulter = (draft) => {
  fill(draft, { podManagementPolicy: "OrderedReady", replicas: 1, revisionHistoryLimit: 10 });
  fill(open(draft, "persistentVolumeClaimRetentionPolicy"), { whenDeleted: "Retain", whenScaled: "Retain" });
  if (draft["volumeClaimTemplates"] === undefined) return;
  draft["volumeClaimTemplates"] = viewArray(draft, "volumeClaimTemplates").map((claim) =>
    isJsonObject(claim) ? { ...claim, apiVersion: "v1", kind: "PersistentVolumeClaim" } : claim,
  );
};

const job: Defaulter = (draft) => {
  const spec = open(draft, "spec");
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) spec["completions"] = 1;
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec["backoffLimitPerIndex"] === undefined ? 6 : maxInt32,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed",
    manualSelector: false,
  });
  const labels = viewObject(spec, "template", "metadata")["labels"];
  if (!isJsonObject(labels) || Object.keys(viewObject(draft, "metadata", "labels")).length > 0) return;
  open(draft, "metadata")["labels"] = labels;
};

const autoscalerSpec: Defaulter = (draft) => {
  fill(draft, { minReplicas: 1 });
  if (viewArray(draft, "metrics").length === 0) {
    const target = { type: "Utilization", averageUtilization: 80 };
    draft["metrics"] = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  if (draft["behavior"] === undefined) return;
  const behavior = open(draft, "behavior");
  const percent = { type: "Percent", value: 100, periodSeconds: 15 };
  fill(open(behavior, "scaleUp"), {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [{ type: "Pods", value: 4, periodSeconds: 15 }, percent],
  });
  fill(open(behavior, "scaleDown"), { selectPolicy: "Max", policies: [percent] });
};

/** Defaults of the kinds that run pods and of what scales them. */
export const workloadDefaults: Readonly<Record<string, Defaulter>> = {
  [`${apps}DeploymentSpec`]: filling({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
  [`${apps}DeploymentStrategy`]: deploymentStrategy,
  [`${apps}ReplicaSetSpec`]: filling({ replicas: 1 }),
  [`${apps}DaemonSetSpec`]: filling({ revisionHistoryLimit: 10 }),
  [`${apps}DaemonSetUpdateStrategy`]: daemonSetStrategy,
  [`${apps}StatefulSetSpec`]: statefulSetSpec,
  [`${apps}StatefulSetUpdateStrategy`]: statefulSetStrategy,
  [`${batch}Job`]: job,
  [`${batch}CronJobSpec`]: filling({
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  }),
  [`${batch}PodFailurePolicyOnPodConditionsPattern`]: filling({ status: "True" }),
  [`${autoscaling}HorizontalPodAutoscalerSpec`]: autoscalerSpec,
};
