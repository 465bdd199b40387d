import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";

/** The URLs of a Service's load balancer, for those of its ports that speak HTTP. */
export function serviceUrls(service: KubeObject, hosts: readonly string[]): readonly string[] {
  if (viewString(service, "spec", "type") !== "LoadBalancer") return [];
  return viewArray(service, "spec", "ports").flatMap((port) => {
    const number = viewNumber(port, "port");
    const scheme = schemeOf(port, number);
    if (scheme === undefined) return [];
    const suffix = number === (scheme === "https" ? 443 : 80) ? "" : `:${number}`;
    return hosts.map((host) => `${scheme}://${host}${suffix}`);
  });
}

/** By the declared protocol, else by the port's name or number; a port that says nothing of HTTP has no URL. */
function schemeOf(port: JsonValue, number: number | undefined): "http" | "https" | undefined {
  if (number === undefined || (viewString(port, "protocol") ?? "TCP") !== "TCP") return undefined;
  const word = (viewString(port, "appProtocol") || viewString(port, "name") || "").toLowerCase();
  if (/^https(-|$)/.test(word) || number === 443) return "https";
  return /^http2?(-|$)/.test(word) || number === 80 ? "http" : undefined;
}
