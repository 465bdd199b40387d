/**
 * How a repository is reached, as Argo CD's objects say it: Secrets labelled `repository` (one URL, for all projects or one)
 * and `repo-creds` (credentials for every URL that begins with theirs), known hosts and CAs in two ConfigMaps.
 *
 * - The repository's own Secret counts first, the project's before the one for all; without credentials of its own the
 *   template with the longest matching URL gives them. A template never matches another host.
 * - URLs are compared in lower case, without `.git`, trailing slash and credentials; `git@host:path` is `ssh://git@host/path`.
 * - Helm repositories and OCI registries have Secrets of type `helm` and `oci`; `oci://host/path` and `host/path` are the same.
 * - Credentials leave the URL at once: what is shown, logged or given to git as an argument never holds any.
 */
export * from "./access.ts";
export * from "./registry-access.ts";
export { parseRegistryUrl } from "./registry-url.ts";
export { resolveFileAccess, resolveRegistryAccess } from "./resolve-registry-access.ts";
export { isConfigured, resolveRepositoryAccess, withRepository } from "./resolve-access.ts";
export type { RepositoryConfig } from "./resolve-access.ts";
export { decodeBase64Text } from "./base64.ts";
export * from "./secret.ts";
export * from "./trust.ts";
export { parseRepositoryUrl, repositoryIdentity, repositoryMatchKey, scrubUrls } from "./url.ts";
export type { RepositoryUrl } from "./url.ts";
export * from "./format-secret.ts";
