import { MooringError } from "../errors/index.ts";
import { findRepository, findTemplate, hasCredentials } from "./find-settings.ts";
import { httpCredentials } from "./http-credentials.ts";
import type { RegistryAccess, RegistryCredentials } from "./registry-access.ts";
import type { RegistryUrl } from "./registry-url.ts";
import { parseRegistryUrl } from "./registry-url.ts";
import type { RepositoryConfig } from "./resolve-access.ts";
import type { CredentialTemplate, RepositorySettings } from "./secret.ts";
import { repositoryMatchKey, scrubUrls } from "./url.ts";

const aliasForm = /^(?:@|alias:)(?<name>.+)$/;

/** `oci://host/path` and Argo CD's older `host/path` are the same registry. */
function withoutOci<T extends CredentialTemplate>(settings: readonly T[]): readonly T[] {
  return settings.map((one) => ({ ...one, url: one.url.replace(/^oci:\/\//i, "") }));
}

function ofCharts(config: RepositoryConfig): readonly RepositorySettings[] {
  return config.repositories.filter(({ type }) => type !== "git");
}

/** What a chart's dependency means by `@name` or `alias:name`: the repository of that name. */
function urlOfAlias(url: string, project: string | undefined, config: RepositoryConfig): string {
  const name = aliasForm.exec(url)?.groups?.["name"];
  if (name === undefined) return url;
  const named = ofCharts(config).filter((one) => one.name === name);
  const found = named.find((one) => one.project !== "" && one.project === project);
  const open = found ?? named.find((one) => one.project === "");
  if (open !== undefined) return open.url;
  throw new MooringError(
    "CONFIG_INVALID",
    `repository ${JSON.stringify(url)}: no repository has this name; add it with repo add --type helm --name ${name}`,
  );
}

function credentialsOf(parsed: RegistryUrl, from: CredentialTemplate | undefined): RegistryCredentials {
  const { unsupported } = from?.fields ?? {};
  if (unsupported !== undefined) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${from?.secret ?? parsed.withoutCredentials}: authentication with ${unsupported} is not supported yet; use a user name and a token`,
      { key: parsed.withoutCredentials },
    );
  }
  return httpCredentials(from?.fields ?? {}, parsed);
}

/**
 * How to reach a Helm repository (`https://…`) or a registry (`oci://…`, or Argo CD's `host/path`): its own Secret of type
 * `helm` or `oci` (one scoped to the project before one for all), else the credential template with the longest matching
 * URL. Throws CONFIG_INVALID for a URL or a way to authenticate that is not supported.
 */
export function resolveRegistryAccess(
  url: string,
  project: string | undefined,
  config: RepositoryConfig,
): RegistryAccess {
  const parsed = parseRegistryUrl(urlOfAlias(url, project, config));
  const key = repositoryMatchKey(parsed.withoutCredentials).replace(/^oci:\/\//, "");
  const own = findRepository(key, project, withoutOci(ofCharts(config)));
  const template = findTemplate(key, withoutOci(config.templates));
  const from = hasCredentials(own?.fields) ? own : template;
  const proxyUrl = own?.proxyUrl ?? from?.proxyUrl;
  const noProxy = own?.noProxy ?? from?.noProxy;
  const caCertificates = config.tlsCertificates?.[parsed.host];
  return {
    kind: parsed.scheme === "oci" ? "oci" : "helm",
    url: parsed.withoutCredentials,
    credentials: credentialsOf(parsed, from),
    insecureSkipVerify: own?.insecure ?? false,
    passCredentials: false,
    forceHttp: own?.forceHttp === true || from?.forceHttp === true,
    mayBeInternal: true,
    ...(caCertificates !== undefined && { caCertificates }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(noProxy !== undefined && { noProxy }),
  };
}

function authorityOf(url: string): string | undefined {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]+)/.exec(scrubUrls(url).toLowerCase())?.[1];
}

/**
 * How to reach one file over HTTP. Nobody's credentials go along, as in Argo CD: whoever writes an Application names the URL.
 * Its host may be at an internal address only where a repository of that host is configured for the project.
 */
export function resolveFileAccess(
  url: string,
  project: string | undefined,
  config: RepositoryConfig,
): RegistryAccess {
  const parsed = parseRegistryUrl(url);
  if (parsed.scheme === "oci") {
    const shown = JSON.stringify(parsed.withoutCredentials);
    throw new MooringError(
      "CONFIG_INVALID",
      `file ${shown}: a file is fetched over https or http; correct the URL`,
    );
  }
  const sameHost = config.repositories.find(
    (one) =>
      (one.project === "" || one.project === project) &&
      authorityOf(one.url) === authorityOf(parsed.withoutCredentials),
  );
  const caCertificates = config.tlsCertificates?.[parsed.host];
  return {
    kind: "file",
    url: parsed.withoutCredentials,
    credentials: { kind: "none" },
    insecureSkipVerify: sameHost?.insecure ?? false,
    passCredentials: false,
    forceHttp: false,
    mayBeInternal: sameHost !== undefined,
    ...(caCertificates !== undefined && { caCertificates }),
    ...(sameHost?.proxyUrl !== undefined && { proxyUrl: sameHost.proxyUrl }),
    ...(sameHost?.noProxy !== undefined && { noProxy: sameHost.noProxy }),
  };
}
