import type { HealthCheck } from "./check.ts";
import { isObserved } from "./check.ts";
import { health } from "./health.ts";

export const daemonSetHealth: HealthCheck = (object) => {
  const wanted = object.count("status", "desiredNumberScheduled");
  const updated = object.count("status", "updatedNumberScheduled");
  const available = object.count("status", "numberAvailable");
  if (!isObserved(object)) {
    return health(
      "Progressing",
      "Waiting for rollout to finish: observed daemon set generation less than desired generation",
    );
  }
  if (object.string("spec", "updateStrategy", "type") === "OnDelete") {
    return health("Healthy", `daemon set ${updated} out of ${wanted} new pods have been updated`);
  }
  const rollout = `daemon set ${JSON.stringify(object.string("metadata", "name"))} rollout to finish`;
  if (updated < wanted) {
    return health(
      "Progressing",
      `Waiting for ${rollout}: ${updated} out of ${wanted} new pods have been updated...`,
    );
  }
  if (available < wanted) {
    return health(
      "Progressing",
      `Waiting for ${rollout}: ${available} of ${wanted} updated pods are available...`,
    );
  }
  return health("Healthy");
};
