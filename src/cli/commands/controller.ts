import { defineCommand, noArgs } from "../command.ts";
import type { LogLevel } from "#runtime/log.ts";
import { namespaceOf } from "../hub.ts";

export const command = defineCommand({
  name: "controller",
  summary: "Run the controller",
  details:
    "Runs until SIGINT or SIGTERM. Several at a time are fine: one leads, the others take over when it ends.",
  args: noArgs,
  flags: {
    namespace: { type: "string", value: "NAME", description: "Control-plane namespace, as -n" },
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
    "status-processors": { type: "integer", description: "Applications looked at in parallel; 20" },
    "operation-processors": { type: "integer", description: "Operations in parallel; 10" },
    "revision-writes-per-second": {
      type: "integer",
      description:
        "Status writes a second that only say which commit an unchanged application was compared with; 50",
    },
    logformat: { type: "string", choices: ["text", "json"], description: "Format of log lines" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    return ports.runController({
      kubeconfig: flags.kubeconfig,
      context: flags.context,
      namespace: flags.namespace ?? namespaceOf(invocation, ports),
      data: flags.data ?? ports.env["MOORING_DATA"],
      identity: flags.identity,
      statusProcessors: flags["status-processors"],
      operationProcessors: flags["operation-processors"],
      revisionWritesPerSecond: flags["revision-writes-per-second"],
      logLevel: flags.loglevel as LogLevel | undefined,
      logFormat: flags.logformat === "json" || flags.logformat === "text" ? flags.logformat : undefined,
    });
  },
});
