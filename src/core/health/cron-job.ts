import type { HealthCheck } from "./check.ts";
import { health } from "./health.ts";

/** A CronJob's status cannot tell a missed or running schedule from a failed one, so only a finished failure is Degraded. */
export const cronJobHealth: HealthCheck = (object) => {
  if (object.boolean("spec", "suspend")) return health("Healthy", "CronJob is Suspended");
  if (!object.has("status")) return health("Progressing", "Waiting for CronJob");
  const scheduled = object.string("status", "lastScheduleTime");
  if (scheduled === "") return health("Healthy", "CronJob has not been scheduled yet");
  const succeeded = object.string("status", "lastSuccessfulTime");
  if (succeeded === "") {
    return health("Healthy", "The CronJob never completed successfully. It may not be healthy");
  }
  if (object.list("status", "active").length > 0) {
    return health("Healthy", "The job is running. Its last execution may not have been successful");
  }
  // Kubernetes writes both as UTC with whole seconds, so text order is time order.
  if (succeeded < scheduled) {
    return health("Degraded", "CronJob has not completed its last execution successfully");
  }
  return health("Healthy", "CronJob has completed its last execution successfully");
};
