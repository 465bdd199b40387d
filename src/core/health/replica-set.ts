import type { HealthCheck } from "./check.ts";
import { isObserved, statusConditions } from "./check.ts";
import { health } from "./health.ts";

export const replicaSetHealth: HealthCheck = (object) => {
  if (!isObserved(object)) {
    return health(
      "Progressing",
      "Waiting for rollout to finish: observed replica set generation less than desired generation",
    );
  }
  const failure = statusConditions(object).find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  if (failure !== undefined) return health("Degraded", failure.message);
  const wanted = object.number("spec", "replicas");
  const available = object.count("status", "availableReplicas");
  if (wanted !== undefined && available < wanted) {
    return health(
      "Progressing",
      `Waiting for rollout to finish: ${available} out of ${wanted} new replicas are available...`,
    );
  }
  return health("Healthy");
};
