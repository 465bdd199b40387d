/**
 * Comparison of desired and live state. Drift is what an apply would change, found by prediction (core/merge), less what
 * normalizers and ignored differences take away; `OutOfSync` is derived from it. What only the server knows is confirmed by one dry run, whose
 * answer goes through compareAnswer.
 */
export { compareAnswer, compareObject, comparePrediction, predictObject } from "./compare.ts";
export type { Comparison, Drift, IgnoredPaths } from "./compare.ts";
export { migratedEntries, planMigration } from "./migration.ts";
export { normalizeDesired } from "./normalize-desired.ts";
export { withKnownTypes } from "./known-types.ts";
