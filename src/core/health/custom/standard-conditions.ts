import type { HealthCheck } from "../check.ts";
import type { Fields } from "../fields.ts";
import { health } from "../health.ts";
import { conditionOf, generationOf, hasStatus, isBehind, wordsOf } from "./conditions.ts";

/**
 * The rule of custom kinds that nobody knows: the conditions that kstatus defines. Stalled is Degraded, Reconciling is
 * Progressing, and Ready decides otherwise; Ready=False is Progressing, because nothing tells whether it will ever pass. A
 * status that has none of them says nothing, and so does one of another form: whoever wrote it did not mean this.
 */
export const standardConditionsHealth: HealthCheck = (object) => {
  if (isBehind(object))
    return health("Progressing", `Waiting for generation ${generationOf(object)} to be observed`);
  const conditions = object.list("status", "conditions");
  const held = (type: string): Fields | undefined =>
    conditions.find((condition) => condition.text("type") === type && hasStatus(condition, "True"));
  const stalled = held("Stalled");
  if (stalled !== undefined) return health("Degraded", wordsOf(stalled));
  const reconciling = held("Reconciling");
  if (reconciling !== undefined) return health("Progressing", wordsOf(reconciling));
  const ready = conditionOf(conditions, "Ready");
  if (ready === undefined) return undefined;
  const words = wordsOf(ready);
  if (hasStatus(ready, "True")) return health("Healthy", words);
  return health("Progressing", words === "" ? "Waiting for condition Ready" : words);
};
