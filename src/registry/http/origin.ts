import type { RegistryAccess } from "#core/repo/index.ts";
import { endpointOf } from "#runtime/socket.ts";

/** Docker Hub's registry is not at the address by which everybody calls it. */
const realHosts: Readonly<Record<string, string>> = {
  "docker.io": "registry-1.docker.io",
  "index.docker.io": "registry-1.docker.io",
};

/** The URL of the server that an access is about. */
export function serverOf(access: RegistryAccess): URL {
  if (access.kind !== "oci") return new URL(access.url);
  const url = new URL(access.url.replace(/^oci:/, access.forceHttp ? "http:" : "https:"));
  url.hostname = realHosts[url.hostname] ?? url.hostname;
  return url;
}

/** Whether a URL is at the same server: the same host and port, or its standard HTTPS port instead of its standard HTTP one. */
export function isSameServer(server: URL, url: URL): boolean {
  const [a, b] = [endpointOf(server), endpointOf(url)];
  if (a.host !== b.host) return false;
  if (a.port === b.port) return server.protocol === url.protocol;
  return server.protocol === "http:" && a.port === 80 && url.protocol === "https:" && b.port === 443;
}
