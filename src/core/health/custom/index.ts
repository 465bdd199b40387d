/**
 * Health of custom resources: a table of what the conditions and fields of kinds that people run mean, a family to a file, and
 * the rule of those that nobody knows. Rules are written from what each project says of its own status, and an object whose
 * controller has not said anything yet is Progressing, with what is waited for, unless its kind never says anything.
 */
export { isBuiltInGroup } from "./built-in-groups.ts";
export { standardConditionsHealth } from "./standard-conditions.ts";
export { customCheckOf } from "./table.ts";
