import type { HealthCheck } from "./check.ts";
import { statusConditions } from "./check.ts";
import { health } from "./health.ts";

/** InsufficientPods is a budget doing its work, not a failure. */
export const podDisruptionBudgetHealth: HealthCheck = (object) => {
  const conditions = statusConditions(object);
  const failing = conditions.find(
    ({ status, reason }) => status === "False" && reason !== "InsufficientPods",
  );
  if (failing !== undefined) return health("Degraded", `PodDisruptionBudget has ${failing.reason}`);
  const last = conditions.at(-1);
  if (last === undefined) return health("Progressing", "Waiting for status");
  return health("Healthy", `PodDisruptionBudget has ${last.reason}`);
};
