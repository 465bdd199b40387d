import type { HealthCheck } from "./check.ts";
import { health, isHealthStatus } from "./health.ts";

/** A child Application is as healthy as it says; Progressing until it has said anything. */
export const applicationHealth: HealthCheck = (object) => {
  const status = object.string("status", "health", "status");
  if (status === "") return health("Progressing");
  if (!isHealthStatus(status)) {
    return health("Unknown", `status.health.status is ${JSON.stringify(status)}, not a health status`);
  }
  return health(status, object.string("status", "health", "message"));
};
