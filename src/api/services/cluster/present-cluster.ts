import type { ClusterConnection, ClusterRecord } from "#core/cluster/index.ts";
import { viewPath } from "#core/object/index.ts";
import { encodeBase64 } from "#core/redact/index.ts";
import type { ApiContext } from "../../context.ts";
import type { Cluster as ClusterMessage, ClusterConfig } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

export type ClusterShape = ShapeOf<ClusterMessage>;

/** What was found out when a cluster was asked. */
export interface ClusterState {
  readonly version: string;
  /** Why it did not answer; undefined when it did. */
  readonly failure: string | undefined;
  /** RFC 3339. */
  readonly askedAt: string;
}

/** A cluster as clients are shown it: of its credentials only what is no secret. */
export function presentCluster(
  record: ClusterRecord,
  { hub }: Pick<ApiContext, "hub">,
  state: ClusterState | undefined,
): ClusterShape {
  const { server, name, namespaces, clusterResources, project, shard, connection } = record;
  const connectionState =
    state === undefined
      ? { status: "Unknown" }
      : {
          status: state.failure === undefined ? "Successful" : "Failed",
          message: state.failure ?? "",
          attemptedAt: state.askedAt,
        };
  const serverVersion = state?.version ?? "";
  const applicationsCount = [...hub.applications.values()].filter((app) => isDeployedTo(app, record)).length;
  return {
    server,
    name,
    config:
      connection === undefined ? { tlsClientConfig: { insecure: false } } : presentConnection(connection),
    connectionState,
    serverVersion,
    info: { connectionState, serverVersion, applicationsCount, cacheInfo: {} },
    ...(namespaces.length === 0 ? {} : { namespaces }),
    ...(clusterResources ? { clusterResources } : {}),
    ...(project === undefined ? {} : { project }),
    ...(shard === undefined ? {} : { shard }),
    ...(Object.keys(record.labels).length === 0 ? {} : { labels: record.labels }),
    ...(Object.keys(record.annotations).length === 0
      ? {}
      : { annotations: withoutSecrets(record.annotations) }),
  };
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** What kubectl keeps of a Secret that it applied is the Secret. */
function withoutSecrets(annotations: ClusterRecord["annotations"]): ClusterRecord["annotations"] {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== lastApplied));
}

function isDeployedTo(app: Parameters<typeof viewPath>[0], { server, name }: ClusterRecord): boolean {
  const at = viewPath(app, "spec", "destination", "server");
  if (typeof at === "string" && at !== "") return at.replace(/\/+$/u, "") === server;
  return viewPath(app, "spec", "destination", "name") === name;
}

function presentConnection({
  tls,
  auth,
  proxyUrl,
  disableCompression,
}: ClusterConnection): ShapeOf<ClusterConfig> {
  return {
    tlsClientConfig: {
      insecure: tls.insecure,
      ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
      ...(tls.caData === undefined ? {} : { caData: encodeBase64(tls.caData) }),
    },
    ...(auth.kind === "basic" ? { username: auth.username } : {}),
    ...(auth.kind === "exec"
      ? { execProviderConfig: { command: auth.command, apiVersion: auth.apiVersion } }
      : {}),
    ...(proxyUrl === undefined ? {} : { proxyUrl: withoutPassword(proxyUrl) }),
    ...(disableCompression === true ? { disableCompression } : {}),
  };
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
