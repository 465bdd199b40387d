import { defineCommand, noArgs } from "../command.ts";
import { namespaceOf } from "../hub.ts";
import { listOf, logFormatOf, logLevelOf, processFlags } from "../process-flags.ts";

export const command = defineCommand({
  name: "controller",
  summary: "Run the controller",
  details:
    "Runs until SIGINT or SIGTERM. Several at a time are fine: one leads, the others take over when it ends.",
  args: noArgs,
  flags: {
    ...processFlags,
    "application-namespaces": {
      type: "strings",
      value: "GLOBS",
      description:
        "Other namespaces whose Applications are looked at, where projects permit it; ARGOCD_APPLICATION_NAMESPACES",
    },
    data: {
      type: "string",
      value: "DIR",
      description: "Directory of mirrors and renders, a cache; MOORING_DATA",
    },
    identity: {
      type: "string",
      value: "NAME",
      description: "Name of this replica; POD_NAME, then host and process id",
    },
    "internal-address": {
      type: "string",
      value: "HOST:PORT",
      description:
        "Where it listens for servers and is asked by them; POD_IP and 8085, without POD_IP this machine alone and any free port",
    },
    "health-address": {
      type: "string",
      value: "HOST:PORT",
      description: "Where /healthz says that the process is alive; POD_IP and 8082, nowhere without POD_IP",
    },
    "status-processors": { type: "integer", description: "Applications looked at in parallel; 20" },
    "operation-processors": { type: "integer", description: "Operations in parallel; 10" },
    "revision-writes-per-second": {
      type: "integer",
      description:
        "Status writes a second that only say which commit an unchanged application was compared with; 50",
    },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    return ports.runController({
      kubeconfig: flags.kubeconfig,
      context: flags.context,
      namespace: flags.namespace ?? namespaceOf(invocation, ports),
      applicationNamespaces: listOf(flags["application-namespaces"]),
      internalAddress: flags["internal-address"],
      healthAddress: flags["health-address"],
      data: flags.data ?? ports.env["MOORING_DATA"],
      identity: flags.identity,
      statusProcessors: flags["status-processors"],
      operationProcessors: flags["operation-processors"],
      revisionWritesPerSecond: flags["revision-writes-per-second"],
      logLevel: logLevelOf(flags.loglevel),
      logFormat: logFormatOf(flags.logformat),
    });
  },
});
