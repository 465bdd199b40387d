import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { formatHost } from "./url.ts";

/**
 * One URL for each host and path of an Ingress: https when its TLS section covers the host. A rule without a host
 * answers at the load balancer's own addresses; a wildcard host has no URL.
 */
export function ingressUrls(ingress: KubeObject, balancerHosts: readonly string[]): readonly string[] {
  const tls = viewArray(ingress, "spec", "tls");
  const rules = viewArray(ingress, "spec", "rules");
  if (rules.length === 0) return balancerHosts.map((host) => `${schemeOf(tls, undefined)}://${host}`);
  return rules.flatMap((rule) => {
    const host = viewString(rule, "host");
    if (host?.startsWith("*")) return [];
    const scheme = schemeOf(tls, host);
    const hosts = host ? [formatHost(host)] : balancerHosts;
    return hosts.flatMap((at) => pathsOf(rule).map((path) => `${scheme}://${at}${path}`));
  });
}

function pathsOf(rule: JsonValue): readonly string[] {
  const paths = viewArray(rule, "http", "paths").map((entry) => literalPath(viewString(entry, "path") ?? ""));
  return paths.length === 0 ? [""] : paths;
}

/** The part of a path before its first wildcard or regular expression: `/api(/|$)(.*)` answers at `/api`. */
function literalPath(path: string): string {
  return path.replace(/(\.?[*+?]|[()[\]{}$^|\\]).*$/s, "");
}

/** A TLS entry without hosts covers them all. */
function schemeOf(tls: readonly JsonValue[], host: string | undefined): "http" | "https" {
  const covered = tls.some((entry) => {
    const hosts = viewArray(entry, "hosts");
    return hosts.length === 0 || (host !== undefined && hosts.some((pattern) => covers(pattern, host)));
  });
  return covered ? "https" : "http";
}

/** A wildcard stands for exactly one label, as in certificates (RFC 6125 6.4.3). */
function covers(pattern: JsonValue, host: string): boolean {
  if (typeof pattern !== "string") return false;
  const dot = host.indexOf(".");
  return pattern === host || (pattern.startsWith("*.") && dot > 0 && pattern.slice(1) === host.slice(dot));
}
