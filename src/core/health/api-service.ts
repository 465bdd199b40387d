import type { HealthCheck } from "./check.ts";
import { statusConditions } from "./check.ts";
import { health } from "./health.ts";

export const apiServiceHealth: HealthCheck = (object) => {
  const available = statusConditions(object).find(({ type }) => type === "Available");
  if (available === undefined) return health("Progressing", "Waiting to be processed");
  const message = `${available.reason}: ${available.message}`;
  return health(available.status === "True" ? "Healthy" : "Progressing", message);
};
