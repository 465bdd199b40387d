import { MooringError } from "#core/errors/index.ts";

/** Why a command cannot be done over a server, and what to do then. `what` is a thing that it needs: `the Secrets of the control plane`. */
export function needsCluster(address: string, what: string): MooringError {
  return new MooringError(
    "CLI_NEEDS_CLUSTER",
    `server ${address}: it does not give ${what}, which this needs; work on the cluster itself with --core (and --kubeconfig FILE)`,
  );
}
