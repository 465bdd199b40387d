/**
 * Health: whether what was applied works. One file per built-in kind holds its rule, `custom/` the table of custom kinds;
 * statuses and messages are Argo CD's, so dashboards and notifications that match on them keep working. An object's health is
 * its own: a Deployment is judged by its status, never by its pods.
 *
 * Order of lookup: pending deletion, a script of the user's in argocd-cm, the rule of the kind, the nearest row of the table,
 * the standard conditions of a custom kind that nobody knows, else no health at all. Scripts are run by
 * `engine/scripted-health.ts`; what they return is read here.
 */
export { isApplicationItself } from "./application.ts";
export { assessHealth, isBeingDeleted, mayHaveHealth } from "./assess.ts";
export { isWorse, worstHealth } from "./health.ts";
export type { Health, HealthStatus } from "./health.ts";
export { ignoresHealth, rollUpHealth } from "./roll-up.ts";
export { readScriptedHealth } from "./scripted.ts";
export type { RolledUpResource } from "./roll-up.ts";
