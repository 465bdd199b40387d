import type { KubeObject, StringMap } from "../object/index.ts";
import { viewObject, viewString } from "../object/index.ts";

/** The known_hosts text of Argo CD's `argocd-ssh-known-hosts-cm`; empty when it has none. */
export function parseKnownHostsConfigMap(configMap: KubeObject): string {
  return viewString(configMap, "data", "ssh_known_hosts") ?? "";
}

/** PEM certificates by host name from Argo CD's `argocd-tls-certs-cm`. */
export function parseTlsCertificatesConfigMap(configMap: KubeObject): StringMap {
  const entries = Object.entries(viewObject(configMap, "data")).flatMap(([host, pem]) =>
    typeof pem === "string" && pem.trim() !== "" ? [[host.toLowerCase(), pem] as const] : [],
  );
  return Object.fromEntries(entries);
}
