/**
 * Health: whether what was applied works. One file per kind holds its rule; statuses and messages are Argo CD's, so
 * dashboards and notifications that match on them keep working. An object's health is its own: a Deployment is judged
 * by its status, never by its pods.
 *
 * Order of lookup: pending deletion, then the rule of the kind, else no health at all. Checks that users write in
 * argocd-cm are to be asked before the rules here, by whoever can run them.
 */
export { assessHealth } from "./assess.ts";
export { isWorse, worstHealth } from "./health.ts";
export type { Health, HealthStatus } from "./health.ts";
export { ignoresHealth, rollUpHealth } from "./roll-up.ts";
export type { RolledUpResource } from "./roll-up.ts";
