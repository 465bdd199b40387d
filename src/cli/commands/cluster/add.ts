import type { ClusterRecord } from "#core/cluster/index.ts";
import { formatClusterSecret, inClusterServer, parseClusterSecret } from "#core/cluster/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { secretTypeLabel } from "#core/repo/index.ts";
import { grantAccess } from "../../cluster-access.ts";
import type { Invocation } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import { confirm } from "../../confirm.ts";
import type { CliHub } from "../../hub.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { cliFieldManager, openClusterHub } from "../../hub.ts";
import type { CliPorts, Connected } from "../../ports.ts";
import { parsePairs } from "../../source-flags/fields.ts";

const flags = {
  name: { type: "string", value: "NAME", description: "Name of the cluster; the context's by default" },
  namespace: { type: "strings", value: "NAME", description: "Only manage this namespace" },
  "cluster-resources": {
    type: "boolean",
    description: "With --namespace: manage cluster-scoped objects, too",
  },
  "in-cluster": {
    type: "boolean",
    description: "It is the control plane's own: connect by its internal address",
  },
  "service-account": {
    type: "string",
    value: "NAME",
    description: "Use this account instead of creating argocd-manager",
  },
  "system-namespace": {
    type: "string",
    value: "NAME",
    description: "Namespace of the account; kube-system by default",
  },
  project: { type: "string", value: "NAME", description: "Only for applications of this project" },
  label: { type: "strings", value: "KEY=VALUE", description: "Label of the cluster" },
  annotation: { type: "strings", value: "KEY=VALUE", description: "Annotation of the cluster" },
  shard: { type: "integer", description: "Controller shard that works on it" },
  upsert: { type: "boolean", description: "Change a cluster that exists with other settings" },
  yes: { type: "boolean", short: "y", description: "Do not ask" },
} as const;

export const command = defineCommand({
  name: "cluster add",
  summary: "Add a cluster by its kubeconfig context",
  details:
    "CONTEXT leads to the cluster to add, --context to the control plane's. An account is created on the cluster and its token\nkept in a Secret of the control plane.",
  args: { usage: "CONTEXT", min: 1, max: 1 },
  flags,
  run: async (invocation, ports) => {
    const context = invocation.args[0] ?? "";
    const { kubeconfig } = invocation.flags;
    await using hub = await openClusterHub(invocation, ports);
    const connected = await ports.connect({ kubeconfig, context });
    await using cluster = connected.cluster;
    if (!(await isConfirmed(context, invocation, ports))) return 0;
    const token = await grantAccess({
      cluster,
      systemNamespace: invocation.flags["system-namespace"] ?? "kube-system",
      serviceAccount: invocation.flags["service-account"],
      namespaces: invocation.flags.namespace,
      ports,
    });
    const record = recordOf(connected, token, invocation);
    await writeSecret(record, hub, { ports, upsert: invocation.flags.upsert === true });
    ports.stdout.write(`Cluster '${record.server}' added\n`);
    return 0;
  },
});

async function isConfirmed(
  context: string,
  invocation: Invocation<typeof flags>,
  ports: CliPorts,
): Promise<boolean> {
  const { yes, namespace } = invocation.flags;
  if (yes === true || invocation.flags["service-account"] !== undefined || !ports.stdin.isTTY) return true;
  const rights =
    namespace.length === 0 ? "full rights on the cluster" : `full rights in ${namespace.join(", ")}`;
  const question = `Create a service account with ${rights} on the cluster of context ${context}?`;
  return confirm(question, { ports, flag: "--yes" });
}

function recordOf(
  { connection, context }: Connected,
  token: string,
  { flags: given }: Invocation<typeof flags>,
): ClusterRecord {
  const server = given["in-cluster"] === true ? inClusterServer : connection.server;
  const { insecure, caData, serverName } = connection.tls;
  return {
    name: given.name ?? context,
    server,
    connection: {
      server,
      auth: { kind: "token", token },
      tls: {
        insecure,
        ...(caData === undefined ? {} : { caData }),
        ...(serverName === undefined ? {} : { serverName }),
      },
      ...(connection.proxyUrl === undefined ? {} : { proxyUrl: connection.proxyUrl }),
    },
    namespaces: given.namespace,
    clusterResources: given["cluster-resources"] === true,
    ...(given.project === undefined ? {} : { project: given.project }),
    ...(given.shard === undefined ? {} : { shard: given.shard }),
    labels: parsePairs("--label", given.label),
    annotations: parsePairs("--annotation", given.annotation),
  };
}

async function writeSecret(
  record: ClusterRecord,
  hub: CliHub,
  { ports, upsert }: { readonly ports: CliPorts; readonly upsert: boolean },
): Promise<void> {
  const { cluster, namespace } = hub;
  const { signal } = ports;
  const options = { fieldManager: cliFieldManager, signal };
  const labelSelector = `${secretTypeLabel}=cluster`;
  const secrets = await cluster.list(hubTypes.secret, { namespace, labelSelector, signal });
  const existing = secrets.find((secret) => parseClusterSecret(secret).server === record.server);
  if (existing === undefined) {
    await cluster.create(hubTypes.secret, formatClusterSecret(record, namespace), options);
    return;
  }
  const secretName = existing.metadata.name ?? "";
  const wanted = formatClusterSecret({ ...record, secretName }, namespace);
  if (jsonEqual(existing["data"], wanted["data"])) return;
  if (!upsert) {
    throw new MooringError(
      "APP_EXISTS",
      `cluster ${record.server}: exists with other settings in Secret/${namespace}/${secretName}; pass --upsert to change it`,
    );
  }
  await cluster.replace(hubTypes.secret, withVersion(wanted, existing), options);
}

function withVersion(wanted: KubeObject, existing: KubeObject): KubeObject {
  const resourceVersion = existing.metadata.resourceVersion ?? "";
  const labels = { ...existing.metadata.labels, ...wanted.metadata.labels };
  return { ...wanted, metadata: { ...wanted.metadata, labels, resourceVersion } };
}
