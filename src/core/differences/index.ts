/**
 * Differences that a comparison ignores: `spec.ignoreDifferences` of an Application and the same in `argocd-cm`. A rule names
 * objects and, in them, fields: by JSON pointer, by jq path, or as those that certain field managers own. What is ignored is taken
 * from the live object and from the predicted one before the two are compared.
 *
 * A sync with RespectIgnoreDifferences=true leaves ignored fields as they live (respect.ts): a field that somebody else owns is not
 * sent; one that only we own is sent with its live value, because an apply without it would remove it.
 */
export { checkEntry, collectRules, noRules } from "./rules.ts";
export type { IgnoreEntry, IgnoreRule, IgnoreRules, JqExpression, SystemIgnoreEntry } from "./rules.ts";
export { locateFields, readJqPaths } from "./locate.ts";
export { fieldsAt } from "./fields.ts";
export { removePaths } from "./remove.ts";
export { respectIgnored } from "./respect.ts";
export type { Respected } from "./respect.ts";
export type { ValuePath } from "./value-path.ts";
