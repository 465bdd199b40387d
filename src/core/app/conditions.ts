import type { ApplicationCondition } from "./types.ts";

/** The types of conditions that Argo CD knows, and after them those that are ours; those that end in `Error` are errors. */
const conditionTypes = [
  "DeletionError",
  "InvalidSpecError",
  "ComparisonError",
  "SyncError",
  "UnknownError",
  "SharedResourceWarning",
  "RepeatedResourceWarning",
  "ExcludedResourceWarning",
  "OrphanedResourceWarning",
  "UnsupportedFieldWarning",
  "DeletionWarning",
  "SyncWindowWarning",
  "SelfHealWarning",
  "GlobalProjectWarning",
  "RollbackWarning",
  "ApprovalRequired",
  "PromotionRequired",
  "DependencyError",
  "DependencyWarning",
  "LeftBehindWarning",
] as const;

type ConditionType = (typeof conditionTypes)[number];

export interface FoundCondition {
  readonly type: ConditionType;
  readonly message: string;
}

export interface EvaluatedConditions {
  /** The types that were looked at: those that were not found again have been resolved. */
  readonly evaluated: readonly ConditionType[];
  readonly found: readonly FoundCondition[];
  /** RFC 3339. */
  readonly now: string;
}

/**
 * The conditions after a look: types that were not evaluated stay, a condition found again with the same message keeps
 * its time. Sorted by type and message, so that the same findings give the same list.
 */
export function setConditions(
  conditions: readonly ApplicationCondition[],
  { evaluated, found, now }: EvaluatedConditions,
): readonly ApplicationCondition[] {
  const looked: ReadonlySet<string> = new Set([...evaluated, ...found.map(({ type }) => type)]);
  const kept = conditions.filter(({ type }) => !looked.has(type));
  const unique = new Map(found.map((condition) => [identityOf(condition), condition]));
  const before = new Map(conditions.map((condition) => [identityOf(condition), condition]));
  const current = [...unique].map(([identity, { type, message }]) => ({
    type,
    message,
    lastTransitionTime: before.get(identity)?.lastTransitionTime ?? now,
  }));
  return [...kept, ...current].toSorted((a, b) => compare(identityOf(a), identityOf(b)));
}

/** `InvalidSpecError: …`, as lists show it. */
export function formatCondition({ type, message }: ApplicationCondition): string {
  return `${type}: ${message}`;
}

function identityOf({ type, message }: { readonly type: string; readonly message: string }): string {
  return JSON.stringify([type, message]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
