import type { HealthCheck } from "./check.ts";
import type { HealthStatus } from "./health.ts";
import { health } from "./health.ts";

const statusOfPhase: ReadonlyMap<string, HealthStatus> = new Map([
  ["Bound", "Healthy"],
  ["Pending", "Progressing"],
  ["Lost", "Degraded"],
]);

export const persistentVolumeClaimHealth: HealthCheck = (object) =>
  health(statusOfPhase.get(object.string("status", "phase")) ?? "Unknown");
