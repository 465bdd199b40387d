import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { messageOf, MooringError } from "#core/errors/index.ts";
import type { KubeconfigConnection } from "./kubeconfig.ts";

export interface InClusterOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the service account is mounted. */
  readonly directory?: string;
}

/**
 * The cluster this process runs in, as its pod's service account.
 * Throws KUBE_CONFIG_INVALID outside of a pod or without a mounted token.
 */
export async function inClusterConnection(options: InClusterOptions = {}): Promise<KubeconfigConnection> {
  const env = options.env ?? process.env;
  const directory = options.directory ?? "/var/run/secrets/kubernetes.io/serviceaccount";
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"];
  if (host === undefined || host === "" || port === undefined || port === "") {
    throw new MooringError(
      "KUBE_CONFIG_INVALID",
      "not inside a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; pass a kubeconfig",
    );
  }
  return {
    context: "in-cluster",
    namespace: (await readMounted(join(directory, "namespace"))).trim(),
    connection: {
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      tls: { insecure: false, caData: await readMounted(join(directory, "ca.crt")) },
      auth: { kind: "tokenFile", path: join(directory, "token") },
    },
  };
}

async function readMounted(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    throw new MooringError(
      "KUBE_CONFIG_INVALID",
      `service account file ${path} cannot be read: ${messageOf(error)}; check automountServiceAccountToken`,
      { cause: error },
    );
  });
}
