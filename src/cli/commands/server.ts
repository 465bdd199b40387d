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
  name: "server",
  summary: "Run the API server",
  details:
    "Runs until SIGINT or SIGTERM, in a process of its own; several at a time are fine. What lives in clusters it asks of the controller that leads, whose address it finds in the Lease mooring-controller. Without --kubeconfig, --context and KUBECONFIG it uses the service account of its pod.",
  examples: ["mooring server", "mooring server --kubeconfig hub.yaml --port 8080 --insecure"],
  args: noArgs,
  flags: {
    ...processFlags,
    data: {
      type: "string",
      value: "DIR",
      description: "Directory where the audit is kept; MOORING_DATA, else the user's state directory",
    },
    port: { type: "integer", description: "Port of the server; 8080" },
    address: { type: "string", value: "ADDRESS", description: "Where the server listens; 0.0.0.0" },
    insecure: { type: "boolean", description: "Serve without TLS; ARGOCD_SERVER_INSECURE" },
    ...serveFlags,
    "application-namespaces": {
      type: "strings",
      value: "GLOBS",
      description: "Other namespaces whose Applications are shown; ARGOCD_APPLICATION_NAMESPACES",
    },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const { env } = ports;
    const inherited = env["ARGOCD_APPLICATION_NAMESPACES"];
    return ports.runServer({
      kubeconfig: flags.kubeconfig,
      context: flags.context,
      namespace: flags.namespace ?? namespaceOf(invocation, ports),
      data: flags.data ?? env["MOORING_DATA"],
      port: flags.port,
      address: flags.address ?? "0.0.0.0",
      insecure: flags.insecure || env["ARGOCD_SERVER_INSECURE"] === "true",
      ...serveLimitsOf(flags, env),
      applicationNamespaces:
        listOf(flags["application-namespaces"]) ??
        (inherited === undefined ? undefined : listOf([inherited])),
      logLevel: logLevelOf(flags.loglevel),
      logFormat: logFormatOf(flags.logformat),
    });
  },
});
