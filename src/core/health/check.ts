import type { Fields } from "./fields.ts";
import type { Health } from "./health.ts";

/** The rule of one kind. Undefined: the object says nothing that its Application's health should depend on. */
export type HealthCheck = (object: Fields) => Health | undefined;

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function viewConditions(items: readonly Fields[]): readonly Condition[] {
  return items.map((item) => ({
    type: item.string("type"),
    status: item.string("status"),
    reason: item.string("reason"),
    message: item.string("message"),
  }));
}

export function statusConditions(object: Fields): readonly Condition[] {
  return viewConditions(object.list("status", "conditions"));
}

/** True when the controller's status describes the current spec and not an earlier one. */
export function isObserved(object: Fields): boolean {
  return object.count("metadata", "generation") <= object.count("status", "observedGeneration");
}
