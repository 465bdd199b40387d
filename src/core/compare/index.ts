/**
 * Comparison of desired and live state. Drift is what an apply would change, found by prediction (core/merge), less what
 * normalizers take away; `OutOfSync` is derived from it. What only the server knows is confirmed by one dry run, whose
 * answer goes through compareAnswer.
 */
export { compareAnswer, compareObject } from "./compare.ts";
export type { Comparison, Drift } from "./compare.ts";
export { planMigration } from "./migration.ts";
export { normalizeDesired } from "./normalize-desired.ts";
