import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import { fnv32a } from "#core/repo/fnv.ts";
import type { ClusterAuth, ClusterConnection, ClusterTls } from "./connection.ts";
import type { ClusterRecord } from "./record.ts";

const secretTypeLabel = "argocd.argoproj.io/secret-type";

/**
 * The Secret that describes a cluster to Mooring and to Argo CD. Throws nothing; of the ways to log in, `tokenFile` is
 * left out because it names a file of this machine.
 */
export function formatClusterSecret(record: ClusterRecord, namespace: string): KubeObject {
  const texts = {
    name: record.name,
    server: record.server,
    config: JSON.stringify(record.connection === undefined ? {} : formatConfig(record.connection)),
    ...(record.namespaces.length === 0 ? {} : { namespaces: record.namespaces.join(",") }),
    ...(record.clusterResources ? { clusterResources: "true" } : {}),
    ...(record.project === undefined ? {} : { project: record.project }),
    ...(record.shard === undefined ? {} : { shard: String(record.shard) }),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: record.secretName ?? clusterSecretName(record.server),
      namespace,
      labels: { ...record.labels, [secretTypeLabel]: "cluster" },
      annotations: { ...record.annotations, "managed-by": "argocd.argoproj.io" },
    },
    type: "Opaque",
    data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encodeBase64(text)])),
  };
}

/** The name that `argocd cluster add` gives a cluster's Secret: host and FNV-1a hash of the server. */
export function clusterSecretName(server: string): string {
  const host = /^[a-z]+:\/\/(?:\[([^\]]*)\]|([^/:]*))/iu.exec(server);
  const label = (host?.[1] ?? host?.[2] ?? "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/gu, "-")
    .slice(0, 200);
  return ["cluster", label, fnv32a(server)].filter((part) => part !== "").join("-");
}

function formatConfig(connection: ClusterConnection): JsonObject {
  return {
    ...formatAuth(connection.auth),
    tlsClientConfig: formatTls(connection.tls),
    ...(connection.proxyUrl === undefined ? {} : { proxyUrl: connection.proxyUrl }),
    ...(connection.disableCompression === true ? { disableCompression: true } : {}),
  };
}

function formatAuth(auth: ClusterAuth): JsonObject {
  switch (auth.kind) {
    case "token":
      return { bearerToken: auth.token };
    case "basic":
      return { username: auth.username, password: auth.password };
    case "exec": {
      const { command, args, env, apiVersion, installHint } = auth;
      const hint = installHint === undefined ? {} : { installHint };
      return { execProviderConfig: { command, args, env, apiVersion, ...hint } };
    }
    case "none":
    case "tokenFile":
      return {};
    default:
      throw new Error(`unhandled auth: ${JSON.stringify(auth satisfies never)}`);
  }
}

function formatTls(tls: ClusterTls): JsonObject {
  return {
    insecure: tls.insecure,
    ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    ...(tls.caData === undefined ? {} : { caData: encodeBase64(tls.caData) }),
    ...(tls.certData === undefined ? {} : { certData: encodeBase64(tls.certData) }),
    ...(tls.keyData === undefined ? {} : { keyData: encodeBase64(tls.keyData) }),
  };
}
