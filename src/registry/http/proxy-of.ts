import { BlockList, isIP } from "node:net";
import type { RegistryAccess } from "#core/repo/index.ts";
import { endpointOf } from "#runtime/socket.ts";

type Environment = Readonly<Record<string, string | undefined>>;

function fromEnvironment(environment: Environment, name: string): string | undefined {
  const value = environment[name] ?? environment[name.toLowerCase()];
  return value === "" ? undefined : value;
}

/** Go's reading of `no_proxy`: names with their subdomains, `.name` without the name itself, addresses, CIDRs, `*`; each with a port or not. */
function isExempt(host: string, port: number, entry: string): boolean {
  if (entry === "*") return true;
  const cidr = /^([0-9a-f.:]+)\/(\d+)$/.exec(entry);
  if (cidr !== null) return isInside(host, cidr[1] ?? "", Number(cidr[2]));
  const [, name = "", onlyPort] = /^(\[[^\]]*\]|[^:]*|[0-9a-f:]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const wanted = name.replace(/^\[(.*)\]$/, "$1").replace(/^\*\./, ".");
  if (wanted === "") return false;
  if (wanted.startsWith(".")) return host.endsWith(wanted);
  return host === wanted || (isIP(wanted) === 0 && host.endsWith(`.${wanted}`));
}

function isInside(host: string, network: string, prefix: number): boolean {
  const families = { 0: undefined, 4: "ipv4", 6: "ipv6" } as const;
  const family = families[isIP(host) as 0 | 4 | 6];
  const sameFamily = isIP(network) === isIP(host);
  if (family === undefined || !sameFamily || prefix > (family === "ipv4" ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, family);
}

/**
 * The proxy for a URL: the repository's own, else the environment's, as git does; undefined to connect directly. This machine is
 * never reached through a proxy.
 */
export function proxyOf(
  url: URL,
  access: Pick<RegistryAccess, "proxyUrl" | "noProxy">,
  environment: Environment,
): string | undefined {
  const { host, port } = endpointOf(url);
  const proxy =
    access.proxyUrl ?? fromEnvironment(environment, url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (proxy === undefined) return undefined;
  const noProxy = access.proxyUrl === undefined ? fromEnvironment(environment, "NO_PROXY") : access.noProxy;
  const isHere = host === "localhost" || host === "::1" || isInside(host, "127.0.0.0", 8);
  const entries = (noProxy ?? "")
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim());
  if (isHere || entries.some((entry) => entry !== "" && isExempt(host, port, entry))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}
