import { createClusterAuthStore, ensureSigningKey } from "#api/auth/index.ts";
import { installManifests, isInstallSeed } from "#core/install/index.ts";
import { installObject } from "#engine/install-object.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { systemClock } from "#runtime/clock.ts";

const fieldManager = "mooring";

/**
 * Installs the definitions, the namespace, the settings and the key on the cluster that a kubeconfig leads to, for a control plane that runs in
 * this process. Throws CONFIG_INVALID for the kubeconfig and `KUBE_` errors of the cluster.
 */
export async function installHub(
  from: Parameters<typeof readKubeconfig>[0],
  { namespace, signal }: { readonly namespace: string; readonly signal: AbortSignal },
): Promise<void> {
  const { connection } = await readKubeconfig(from);
  await using cluster = startCluster(connection, { keepFresh: false });
  for (const object of installManifests({ image: "unused", namespace, skipCrds: false })) {
    if (object.kind !== "CustomResourceDefinition" && !isInstallSeed(object)) continue;
    await installObject(cluster, object, { clock: systemClock, fieldManager, signal });
  }
  // The controller starts beside the server, which would make it too late for the digests of plans.
  await ensureSigningKey(createClusterAuthStore(cluster, namespace), signal);
}
