import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";

export interface Condition extends JsonObject {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

export function conditionsOf(object: KubeObject): readonly Condition[] {
  return viewArray(object, "status", "conditions").filter(isCondition);
}

function isCondition(value: JsonValue): value is Condition {
  return isJsonObject(value) && typeof value["type"] === "string" && typeof value["status"] === "string";
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

export function isConditionTrue(object: KubeObject, type: string): boolean {
  return conditionOf(object, type)?.status === "True";
}

/** The conditions with one put in the place of what was said before; its time is kept while its status stays. */
export function withCondition(
  conditions: readonly Condition[],
  next: Condition,
  time: string,
): readonly Condition[] {
  const known = conditions.find(({ type }) => type === next.type);
  const isSame = known?.status === next.status;
  const kept = isSame ? (viewString(known, "lastTransitionTime") ?? time) : time;
  const stamped = { ...next, lastTransitionTime: kept };
  if (known === undefined) return [...conditions, stamped];
  return conditions.map((each) => (each.type === next.type ? stamped : each));
}
