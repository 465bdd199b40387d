import { MooringError } from "../errors/index.ts";
import type { StringMap } from "../object/index.ts";
import type { RepositoryAccess, RepositoryCredentials } from "./access.ts";
import { httpCredentials } from "./http-credentials.ts";
import { findRepository, findTemplate, hasCredentials } from "./find-settings.ts";
import type { CredentialFields, CredentialTemplate, RepositorySettings } from "./secret.ts";
import type { RepositoryUrl } from "./url.ts";
import { parseRepositoryUrl, repositoryMatchKey } from "./url.ts";

/** Everything that is known about reaching repositories, as the hub's namespace states it. */
export interface RepositoryConfig {
  readonly repositories: readonly RepositorySettings[];
  readonly templates: readonly CredentialTemplate[];
  /** Lines in OpenSSH known_hosts form. */
  readonly knownHosts?: string;
  /** PEM certificates by host name without port. */
  readonly tlsCertificates?: StringMap;
}

/** The configuration as it will be once a repository's Secret is there: in place of the one that is there by that name. */
export function withRepository(config: RepositoryConfig, wanted: RepositorySettings): RepositoryConfig {
  const others = config.repositories.filter(({ secret }) => secret !== wanted.secret);
  return { ...config, repositories: [wanted, ...others] };
}

/** Whether a Secret says how this repository is reached, be it without credentials. */
export function isConfigured(url: string, project: string | undefined, config: RepositoryConfig): boolean {
  const key = repositoryMatchKey(parseRepositoryUrl(url).withoutCredentials);
  return (
    findRepository(key, project, config.repositories) !== undefined ||
    findTemplate(key, config.templates) !== undefined
  );
}

function credentialsFor(url: RepositoryUrl, fields: CredentialFields, secret: string): RepositoryCredentials {
  if (url.transport === "file") return { kind: "none" };
  if (fields.unsupported !== undefined) {
    throw new MooringError(
      "GIT_INVALID",
      `${secret}: authentication with ${fields.unsupported} is not supported yet; use an access token or an SSH key`,
      { key: url.withoutCredentials },
    );
  }
  if (url.transport !== "ssh") return httpCredentials(fields, url);
  if (fields.sshPrivateKey === undefined) return { kind: "none" };
  return { kind: "ssh", privateKey: fields.sshPrivateKey };
}

/**
 * How to reach a repository: its own Secret (one scoped to the project before one for all), else the credential template
 * with the longest matching URL. Credentials written into the URL count last and never stay in `url`.
 * Throws GIT_INVALID for a URL or a way to authenticate that is not supported.
 */
export function resolveRepositoryAccess(
  url: string,
  project: string | undefined,
  config: RepositoryConfig,
): RepositoryAccess {
  const parsed = parseRepositoryUrl(url);
  const key = repositoryMatchKey(parsed.withoutCredentials);
  const own = findRepository(key, project, config.repositories);
  const template = hasCredentials(own?.fields) ? undefined : findTemplate(key, config.templates);
  const from = hasCredentials(own?.fields) ? own : template;
  const proxyUrl = own?.proxyUrl ?? template?.proxyUrl;
  const noProxy = own?.noProxy ?? template?.noProxy;
  const caCertificates = config.tlsCertificates?.[parsed.host];
  return {
    url: parsed.withoutCredentials,
    credentials: credentialsFor(parsed, from?.fields ?? {}, from?.secret ?? parsed.withoutCredentials),
    insecureSkipVerify: own?.insecure ?? false,
    ...(own?.enableLfs === true && { enableLfs: true }),
    ...(parsed.transport === "https" && caCertificates !== undefined && { caCertificates }),
    ...(parsed.transport === "ssh" && { sshKnownHosts: config.knownHosts ?? "" }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(noProxy !== undefined && { noProxy }),
  };
}
