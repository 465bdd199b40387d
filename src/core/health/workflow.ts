import type { HealthCheck } from "./check.ts";
import type { HealthStatus } from "./health.ts";
import { health } from "./health.ts";

const statusOfPhase: ReadonlyMap<string, HealthStatus> = new Map([
  ["", "Progressing"],
  ["Pending", "Progressing"],
  ["Running", "Progressing"],
  ["Succeeded", "Healthy"],
  ["Failed", "Degraded"],
  ["Error", "Degraded"],
]);

export const workflowHealth: HealthCheck = (object) =>
  health(
    statusOfPhase.get(object.string("status", "phase")) ?? "Unknown",
    object.string("status", "message"),
  );
