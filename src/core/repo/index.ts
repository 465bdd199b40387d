export * from "./access.ts";
export { resolveRepositoryAccess } from "./resolve-access.ts";
export type { RepositoryConfig } from "./resolve-access.ts";
export * from "./secret.ts";
export * from "./trust.ts";
export { parseRepositoryUrl, repositoryIdentity, repositoryMatchKey, scrubUrls } from "./url.ts";
export type { RepositoryUrl } from "./url.ts";
