import { isMooringError } from "#core/errors/index.ts";
import type { RepositoryUrl } from "#core/repo/index.ts";
import { parseRepositoryUrl } from "#core/repo/index.ts";

/** Hosts that take SSH on the port of HTTPS, for networks that let nothing else out. */
const sshHosts: Readonly<Record<string, string>> = {
  "ssh.github.com": "github.com",
  "altssh.gitlab.com": "gitlab.com",
  "altssh.bitbucket.org": "bitbucket.org",
};

/**
 * What is equal for all addresses of one repository: HTTPS and SSH, with and without user, port and `.git`, in any case. Undefined for
 * what is no address. Two repositories may share a key, such as on two ports of a host: the key says whom to ask, not what is there.
 */
export function repositoryKey(address: string): string | undefined {
  const url = tryParse(address);
  if (url === undefined) return undefined;
  const path = url.path
    .toLowerCase()
    .replace(/^\/+/u, "")
    .replace(/\/+$/u, "")
    .replace(/\.git$/u, "");
  return azureKey(url.host, path) ?? `${sshHosts[url.host] ?? url.host}/${path}`;
}

function tryParse(address: string): RepositoryUrl | undefined {
  try {
    return parseRepositoryUrl(address);
  } catch (error) {
    if (!isMooringError(error, "GIT_INVALID")) throw error;
    return undefined;
  }
}

/** Azure has five addresses for a repository: that of today and that of Visual Studio Team Services, each by SSH too, and a short one. */
function azureKey(host: string, path: string): string | undefined {
  const steps = path.split("/").filter((step) => step !== "_git" && step !== "defaultcollection");
  const organisation = /^(?<name>[^.]+)\.visualstudio\.com$/u.exec(host)?.groups?.["name"];
  if (host === "ssh.dev.azure.com" || host === "vs-ssh.visualstudio.com") return keyOf(steps.slice(1));
  if (host === "dev.azure.com") return keyOf(steps);
  return organisation === undefined ? undefined : keyOf([organisation, ...steps]);
}

/** A repository that is named like its project is addressed without it. */
function keyOf([organisation = "", project = "", repository = project]: readonly string[]): string {
  return `dev.azure.com/${organisation}/${project}/${repository}`;
}

const dockerHosts = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "registry.hub.docker.com",
]);

/** The same for a repository of a registry, as `host/path` or with a scheme. */
export function artifactKey(address: string): string {
  const name = address
    .toLowerCase()
    .replace(/^[a-z]+:\/\//u, "")
    .replace(/\/+$/u, "");
  const slash = name.indexOf("/");
  const host = (slash < 0 ? name : name.slice(0, slash)).replace(/^[^@]*@/u, "").replace(/:443$/u, "");
  const path = slash < 0 ? "" : name.slice(slash);
  return `${dockerHosts.has(host) ? "docker.io" : host}${path}`;
}
