import type { Condition, HealthCheck } from "./check.ts";
import { statusConditions, viewConditions } from "./check.ts";
import type { Fields } from "./fields.ts";
import { health } from "./health.ts";

const degraded: ReadonlySet<string> = new Set([
  "AbleToScale/FailedGetScale",
  "AbleToScale/FailedUpdateScale",
  "ScalingActive/FailedGetResourceMetric",
  "ScalingActive/FailedGetObjectMetric",
  "ScalingActive/FailedGetPodsMetric",
  "ScalingActive/FailedGetExternalMetric",
  "ScalingActive/FailedComputeMetricsReplicas",
  "ScalingActive/InvalidSelector",
]);

export const horizontalPodAutoscalerHealth: HealthCheck = (object) => {
  const conditions = viewScalingConditions(object);
  const failing = conditions.find(({ type, reason }) => degraded.has(`${type}/${reason}`));
  if (failing !== undefined) return health("Degraded", failing.message);
  const scaling = conditions.find(
    ({ type, status }) => status === "True" && (type === "AbleToScale" || type === "ScalingLimited"),
  );
  if (scaling !== undefined) return health("Healthy", scaling.message);
  return health("Progressing", "Waiting to Autoscale");
};

/** autoscaling/v1 has no conditions in its schema: the API server converts them into an annotation. */
function viewScalingConditions(object: Fields): readonly Condition[] {
  if (object.string("apiVersion") !== "autoscaling/v1") return statusConditions(object);
  return viewConditions(
    object.jsonList("metadata", "annotations", "autoscaling.alpha.kubernetes.io/conditions"),
  );
}
