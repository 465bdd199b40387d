import type { Fields } from "../fields.ts";
import type { Health } from "../health.ts";
import { health } from "../health.ts";
import { conditionOf, currentConditions, generationOf, hasStatus, isBehind, wordsOf } from "./conditions.ts";

/**
 * The health that follows from one condition that says how bad it is when it is False, as those of Cluster API and Azure
 * Service Operator do: Error is Degraded, anything else may still pass. Undefined without such a condition.
 */
export function healthBySeverity(object: Fields, type: string): Health | undefined {
  const generation = generationOf(object);
  if (isBehind(object)) return health("Progressing", `Waiting for generation ${generation} to be observed`);
  const condition = conditionOf(currentConditions(object.list("status", "conditions"), generation), type);
  if (condition === undefined) return undefined;
  const words = wordsOf(condition);
  if (hasStatus(condition, "True")) return health("Healthy", words);
  const failed = hasStatus(condition, "False") && condition.words("severity") === "Error";
  return health(failed ? "Degraded" : "Progressing", words);
}
