import type { HealthCheck } from "../check.ts";
import { isObserved } from "../check.ts";
import type { Fields } from "../fields.ts";
import type { Health } from "../health.ts";
import { health } from "../health.ts";

interface Counts {
  readonly wanted: number;
  readonly updated: number;
  readonly ready: number;
}

/** How far a rollout of replicas has come. A paused or partitioned one keeps old replicas on purpose. */
function rolloutHealth(object: Fields, { wanted, updated, ready }: Counts, partitioned: boolean): Health {
  if (!isObserved(object)) return health("Progressing", "Waiting for the new spec to be observed");
  if (!partitioned && updated < wanted) {
    return health("Progressing", `${updated} of ${wanted} replicas are updated`);
  }
  if (ready < wanted) return health("Progressing", `${ready} of ${wanted} replicas are ready`);
  return health("Healthy", `${ready} of ${wanted} replicas are ready`);
}

function isPartitioned(object: Fields, ...path: readonly string[]): boolean {
  return !["", "0", "0%"].includes(object.text(...path));
}

export const cloneSetHealth: HealthCheck = (object) => {
  if (object.boolean("spec", "updateStrategy", "paused")) return health("Suspended", "CloneSet is paused");
  const counts = {
    wanted: object.number("spec", "replicas") ?? 1,
    updated: object.count("status", "updatedReplicas"),
    ready: object.count("status", "readyReplicas"),
  };
  return rolloutHealth(object, counts, isPartitioned(object, "spec", "updateStrategy", "partition"));
};

/** OpenKruise's own StatefulSet, which can be paused. */
export const advancedStatefulSetHealth: HealthCheck = (object) => {
  const strategy = ["spec", "updateStrategy", "rollingUpdate"] as const;
  if (object.boolean(...strategy, "paused")) return health("Suspended", "StatefulSet is paused");
  const counts = {
    wanted: object.number("spec", "replicas") ?? 1,
    updated: object.count("status", "updatedReplicas"),
    ready: object.count("status", "readyReplicas"),
  };
  const onDelete = object.words("spec", "updateStrategy", "type") === "OnDelete";
  return rolloutHealth(object, counts, onDelete || isPartitioned(object, ...strategy, "partition"));
};

/** OpenKruise's own DaemonSet, which can be paused. */
export const advancedDaemonSetHealth: HealthCheck = (object) => {
  const strategy = ["spec", "updateStrategy", "rollingUpdate"] as const;
  if (object.boolean(...strategy, "paused")) return health("Suspended", "DaemonSet is paused");
  const counts = {
    wanted: object.count("status", "desiredNumberScheduled"),
    updated: object.count("status", "updatedNumberScheduled"),
    ready: object.count("status", "numberAvailable"),
  };
  const onDelete = object.words("spec", "updateStrategy", "type") === "OnDelete";
  return rolloutHealth(object, counts, onDelete || isPartitioned(object, ...strategy, "partition"));
};

/** OpenShift's DeploymentConfig: as a Deployment, but its controller can say that a rollout failed. */
export const deploymentConfigHealth: HealthCheck = (object) => {
  if (object.boolean("spec", "paused")) return health("Suspended", "DeploymentConfig is paused");
  const failed = object
    .list("status", "conditions")
    .find((condition) => condition.text("type") === "Progressing" && condition.text("status") === "False");
  if (failed !== undefined) return health("Degraded", failed.words("message") || failed.words("reason"));
  const counts = {
    wanted: object.number("spec", "replicas") ?? 1,
    updated: object.count("status", "updatedReplicas"),
    ready: object.count("status", "availableReplicas"),
  };
  return rolloutHealth(object, counts, false);
};
