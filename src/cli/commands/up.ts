import { defineCommand, noArgs } from "../command.ts";
import type { LogLevel } from "#runtime/log.ts";
import { namespaceOf } from "../hub.ts";

export const command = defineCommand({
  name: "up",
  summary: "Run everything in one process, with a cluster of its own when none is given",
  details:
    "With --kubeconfig, --context or KUBECONFIG it installs what it needs in that cluster and runs the controller. Without them it starts an embedded cluster: a Kubernetes API server in this process with simulated nodes, for trying things out, for tests, and as a hub where there is no Kubernetes. It runs until SIGINT or SIGTERM.",
  examples: ["mooring up --data ~/mooring", "mooring up --clusters 3", "mooring up --context staging"],
  args: noArgs,
  flags: {
    namespace: { type: "string", value: "NAME", description: "Control-plane namespace, as -n" },
    data: {
      type: "string",
      value: "DIR",
      description:
        "Keeps the embedded cluster, its kubeconfig and the controller's caches; gone at the end without it",
    },
    port: { type: "integer", description: "Port of the embedded cluster's API server; any free one" },
    clusters: {
      type: "integer",
      description: "Embedded clusters beside the first, registered as targets; 0",
    },
    "write-kubeconfig": {
      type: "string",
      value: "FILE",
      description: "Where to write the kubeconfig of the embedded clusters",
    },
    logformat: { type: "string", choices: ["text", "json"], description: "Format of log lines" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    return ports.runUp({
      kubeconfig: flags.kubeconfig,
      context: flags.context,
      namespace: flags.namespace ?? namespaceOf(invocation, ports),
      data: flags.data,
      port: flags.port,
      clusters: flags.clusters,
      writeKubeconfig: flags["write-kubeconfig"],
      logLevel: flags.loglevel as LogLevel | undefined,
      logFormat: flags.logformat === "json" || flags.logformat === "text" ? flags.logformat : undefined,
    });
  },
});
