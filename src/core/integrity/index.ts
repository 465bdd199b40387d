/** Whose signatures the commits of a repository must carry before they are deployed, as a project says it. */
export { integrityPolicyOf } from "./policy.ts";
export type { IntegrityPolicy } from "./policy.ts";
export { parseSigningKeysConfigMap } from "./signing-keys.ts";
export type { SigningKeys } from "./signing-keys.ts";
