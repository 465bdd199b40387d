import type { HealthCheck } from "./check.ts";
import { statusConditions } from "./check.ts";
import { health } from "./health.ts";

/**
 * A resumed Job keeps a Suspended condition that is False. Argo CD then reports Healthy while the Job still runs, which
 * would let a sync go on without it; here it is Progressing.
 */
export const jobHealth: HealthCheck = (object) => {
  const conditions = statusConditions(object);
  const held = (wanted: string): { readonly message: string } | undefined =>
    conditions.find(({ type, status }) => type === wanted && status === "True");
  const failed = held("Failed");
  if (failed !== undefined) return health("Degraded", failed.message);
  const suspended = held("Suspended");
  if (suspended !== undefined) return health("Suspended", suspended.message);
  const complete = held("Complete");
  if (complete !== undefined) return health("Healthy", complete.message);
  return health("Progressing", conditions.find(({ type }) => type === "Suspended")?.message);
};
