import type { Condition, HealthCheck } from "./check.ts";
import { statusConditions } from "./check.ts";
import type { Health } from "./health.ts";
import { health } from "./health.ts";

export const customResourceDefinitionHealth: HealthCheck = (object) => {
  const conditions = statusConditions(object);
  if (conditions.length === 0) return health("Progressing", "Status conditions not found");
  const verdict = conditions.map(verdictOf).find((found) => found !== undefined);
  if (verdict !== undefined) return verdict;
  const established = conditions.some(({ type, status }) => type === "Established" && status === "True");
  return established ? health("Healthy", "CRD is healthy") : health("Degraded", "CRD is not established");
};

/** What one condition alone decides. */
function verdictOf({ type, status, reason, message }: Condition): Health | undefined {
  switch (`${type}=${status}`) {
    case "Terminating=True":
      return health("Progressing", `CRD is terminating: ${message}`);
    case "NamesAccepted=False":
      return health("Degraded", `CRD names have not been accepted: ${message}`);
    case "NonStructuralSchema=True":
      return health("Degraded", `Schema violations found: ${message}`);
    case "Established=False":
      return reason === "Installing" ? health("Progressing", "CRD is being installed") : undefined;
    default:
      return undefined;
  }
}
