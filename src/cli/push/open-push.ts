import { inClusterRecord } from "#core/cluster/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import { readHubConfig } from "#core/hub/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster } from "#ports/cluster.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import type { Invocation } from "../command.ts";
import { namespaceOf } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";
import { readDataKeys } from "./data-keys.ts";
import type { PushValues, pushFlags } from "./flags.ts";

/** The cluster that is applied to, and how a control plane in it, if there is one, wants applications to be dealt with. */
export interface PushPlace extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly context: string;
  /** The control plane's namespace, whether there is one or not. */
  readonly controlPlane: string;
  readonly config: HubConfig;
}

/** Throws CLI_USAGE without a context, and KUBE_CONFIG_INVALID. */
export async function openPush(
  invocation: Invocation<typeof pushFlags>,
  ports: CliPorts,
): Promise<PushPlace> {
  const { kubeconfig } = invocation.flags;
  const context = contextOf(invocation, ports);
  const connected = await ports.connect({ kubeconfig, context });
  await using opened = new AsyncDisposableStack();
  const { cluster } = opened.adopt(connected, ({ cluster: one }) => one[Symbol.asyncDispose]());
  const controlPlane = namespaceOf(invocation, ports);
  const settings = await readSettings(cluster, controlPlane, ports);
  const dataKeys = await readDataKeys(ports);
  const config = { ...configFor(cluster, settings, invocation.flags), dataKeys };
  const kept = opened.move();
  return {
    cluster,
    context: connected.context,
    controlPlane,
    config,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A context that happens to be current must not be what is changed. */
function contextOf({ flags }: Invocation<typeof pushFlags>, { env }: CliPorts): string | undefined {
  const { to, context, kubeconfig } = flags;
  if (to !== undefined && context !== undefined && to !== context)
    throw usageError("flags --to and --context: give one of them");
  const named = to ?? context;
  if (named === undefined)
    throw usageError(
      "flag --to: give the kubeconfig context of the cluster to apply to; see: kubectl config get-contexts",
    );
  // With a kubeconfig no context would be its current one.
  const hasFile = kubeconfig !== undefined || env["KUBECONFIG"] !== undefined;
  const isInPod = !hasFile && env["KUBERNETES_SERVICE_HOST"] !== undefined;
  return named === "in-cluster" && isInPod ? undefined : named;
}

/** How objects are marked and compared must be the same when a control plane in the cluster takes the application over. */
async function readSettings(cluster: Cluster, namespace: string, { signal, stderr }: CliPorts) {
  const ref = { type: hubTypes.configMap, namespace, name: "argocd-cm" };
  try {
    return await cluster.read(ref, signal);
  } catch (error) {
    if (!isMooringError(error, "KUBE_FORBIDDEN")) throw error;
    stderr.write(
      `note: ConfigMap/${namespace}/argocd-cm may not be read here, so its settings do not count; if there is a control plane, grant get on it\n`,
    );
    return undefined;
  }
}

function configFor(
  cluster: Cluster,
  configMap: Awaited<ReturnType<typeof readSettings>>,
  flags: PushValues,
): HubConfig {
  const read = readHubConfig(
    {
      secrets: [],
      variables: [],
      configMap: (name) => (name === "argocd-cm" ? configMap : undefined),
    },
    parseConfigYaml,
  );
  const { source } = read.settings;
  const buildOptions = flags["kustomize-build-options"] ?? source.buildOptions;
  return {
    ...read,
    clusters: [{ ...inClusterRecord, server: cluster.server.replace(/\/+$/u, "") }],
    settings: { ...read.settings, source: { ...source, buildOptions } },
  };
}
