import type { HealthCheck } from "./check.ts";
import { isObserved, statusConditions } from "./check.ts";
import { health } from "./health.ts";

export const deploymentHealth: HealthCheck = (object) => {
  if (object.boolean("spec", "paused")) return health("Suspended", "Deployment is paused");
  if (!isObserved(object)) {
    return health(
      "Progressing",
      "Waiting for rollout to finish: observed deployment generation less than desired generation",
    );
  }
  const stalled = statusConditions(object).some(
    ({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded",
  );
  if (stalled) {
    const name = JSON.stringify(object.string("metadata", "name"));
    return health("Degraded", `Deployment ${name} exceeded its progress deadline`);
  }
  const waiting = waitingForReplicas({
    wanted: object.number("spec", "replicas"),
    total: object.count("status", "replicas"),
    updated: object.count("status", "updatedReplicas"),
    available: object.count("status", "availableReplicas"),
  });
  return waiting === undefined
    ? health("Healthy")
    : health("Progressing", `Waiting for rollout to finish: ${waiting}...`);
};

interface Replicas {
  readonly wanted: number | undefined;
  readonly total: number;
  readonly updated: number;
  readonly available: number;
}

function waitingForReplicas({ wanted, total, updated, available }: Replicas): string | undefined {
  if (wanted !== undefined && updated < wanted) {
    return `${updated} out of ${wanted} new replicas have been updated`;
  }
  if (total > updated) return `${total - updated} old replicas are pending termination`;
  if (available < updated) return `${available} of ${updated} updated replicas are available`;
  return undefined;
}
