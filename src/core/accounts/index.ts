/**
 * Who may come in: local accounts and their tokens, the provider that others log in with, and what tokens must say, read from
 * `argocd-cm` and `argocd-secret` as Argo CD keeps them. Nothing here verifies a password or a signature; `api/auth` does.
 */
export * from "./account.ts";
export * from "./format.ts";
export { parseAccounts } from "./parse-accounts.ts";
export * from "./project-token.ts";
export * from "./revocations.ts";
export * from "./secret-data.ts";
export { partOfLabel } from "./secret-references.ts";
export type { OidcConfig, UserInfoConfig } from "./oidc-config.ts";
export * from "./settings.ts";
export * from "./subject.ts";
