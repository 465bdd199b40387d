import { defineCommand, noArgs } from "../command.ts";
import { namespaceOf } from "../hub.ts";
import {
  listOf,
  logFormatOf,
  logLevelOf,
  processFlags,
  serveFlags,
  serveLimitsOf,
} from "../process-flags.ts";

export const command = defineCommand({
  name: "up",
  summary: "Run everything in one process, with a cluster of its own when none is given",
  details:
    "With --kubeconfig or --context it installs what it needs in that cluster and runs the controller and the server. Without them it starts an embedded cluster, also where KUBECONFIG is set: a Kubernetes API server in this process with simulated nodes, for trying things out, for tests, and as a hub where there is no Kubernetes. It runs until SIGINT or SIGTERM.",
  examples: [
    "mooring up --data ~/mooring",
    "mooring up --clusters 3",
    "mooring up --context staging --port 8080 --insecure",
    'mooring up --kubeconfig "$KUBECONFIG"',
  ],
  args: noArgs,
  flags: {
    ...processFlags,
    kubeconfig: {
      type: "string",
      value: "FILE",
      description: "Run on the cluster of this kubeconfig; without it and --context on an embedded one",
    },
    context: {
      type: "string",
      value: "NAME",
      description: "Run on the cluster of this kubeconfig context, also one of KUBECONFIG or ~/.kube/config",
    },
    data: {
      type: "string",
      value: "DIR",
      description:
        "Keeps the embedded cluster, its kubeconfig and the controller's caches; gone at the end without it",
    },
    port: { type: "integer", description: "Port of the server; 8080, or any free one where that is taken" },
    address: { type: "string", value: "ADDRESS", description: "Where the server listens; 127.0.0.1" },
    insecure: { type: "boolean", description: "Serve without TLS" },
    ...serveFlags,
    "application-namespaces": {
      type: "strings",
      value: "GLOB",
      description:
        "Other namespaces whose Applications are looked at, also several between commas; ARGOCD_APPLICATION_NAMESPACES",
    },
    "cluster-port": {
      type: "integer",
      description: "Port of the embedded cluster's API server; any free one",
    },
    clusters: {
      type: "integer",
      description: "Embedded clusters beside the first, registered as targets; 0",
    },
    "write-kubeconfig": {
      type: "string",
      value: "FILE",
      description: "Where to write the kubeconfig of the embedded clusters",
    },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    return ports.runUp({
      kubeconfig: flags.kubeconfig,
      context: flags.context,
      namespace: flags.namespace ?? namespaceOf(invocation, ports),
      data: flags.data,
      port: flags.port,
      address: flags.address,
      insecure: flags.insecure,
      ...serveLimitsOf(flags, ports.env),
      // For the controller and the server alike: one would show what the other does not look at.
      applicationNamespaces:
        listOf(flags["application-namespaces"]) ?? listOf([ports.env["ARGOCD_APPLICATION_NAMESPACES"] ?? ""]),
      clusterPort: flags["cluster-port"],
      clusters: flags.clusters,
      writeKubeconfig: flags["write-kubeconfig"],
      logLevel: logLevelOf(flags.loglevel),
      logFormat: logFormatOf(flags.logformat),
    });
  },
});
