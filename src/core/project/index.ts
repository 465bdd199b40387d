/**
 * Argo CD's AppProject: what its Applications may deploy (`checkSource`, `checkDestination`, `checkResource`) and who may use it
 * (`checkSourceNamespace`). Each check gives undefined or a denial that names the object, the rule's field and the fix.
 *
 * Whatever cannot be understood denies: a permission that is not a glob permits nothing, a ban that is not a glob bans everything.
 * Call `validateProject` before the checks: a project with rules that Mooring cannot keep yet must not be deployed with.
 */
export * from "./default-project.ts";
export { passes } from "./denial.ts";
export * from "./destination.ts";
export type { CompilePattern } from "./expression.ts";
export { globalProjectsOf, globalRules, withGlobalRules } from "./global-projects.ts";
export { isOrphan, looksForOrphans, warnsOfOrphans, watchesForOrphans } from "./orphans.ts";
export * from "./parse.ts";
export * from "./problems.ts";
export * from "./resource.ts";
export * from "./source.ts";
export * from "./namespace-rule.ts";
export * from "./service-account.ts";
export * from "./source-namespace.ts";
export type * from "./types.ts";
export * from "./unsupported.ts";
