import { MooringError, isMooringError } from "#core/errors/index.ts";
import { isInstallSeed } from "#core/install/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, keyOf } from "#core/object/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";

export interface InstallOptions {
  readonly clock: Clock;
  readonly fieldManager: string;
  readonly signal: AbortSignal;
}

type Installed = "created" | "configured" | "unchanged" | "kept";

/**
 * Brings one object of an installation to what this version needs; settings are only created. Kinds whose definition was just created are
 * awaited. Throws KUBE_UNKNOWN_KIND when the cluster does not come to serve the kind.
 */
export async function installObject(
  cluster: Cluster,
  object: KubeObject,
  options: InstallOptions,
): Promise<Installed> {
  const { fieldManager, signal } = options;
  const type = await servedType(cluster, object, options);
  const { namespace = "", name = "" } = object.metadata;
  const before = await cluster.read({ type, namespace, name }, signal);
  if (before !== undefined && isInstallSeed(object)) return "kept";
  const after = await cluster.apply(type, object, { fieldManager, force: true, signal });
  if (before === undefined) return "created";
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? "unchanged" : "configured";
}

const servedDeadlineMs = 30_000;
const servedPollMs = 200;

/** The type of an object; a kind whose definition was just created is awaited. */
async function servedType(
  cluster: Cluster,
  object: KubeObject,
  { clock, signal }: InstallOptions,
): Promise<ResourceType> {
  const { group, kind, version } = gvkOf(object);
  const deadline = clock.now() + servedDeadlineMs;
  for (let refresh = false; ; refresh = true) {
    const discovery = await cluster.discover(signal, { refresh });
    const type = discovery.typeOf(group, kind, version);
    if (type?.version === version && (await isListable(cluster, type, signal))) return type;
    if (clock.now() > deadline) {
      throw new MooringError(
        "KUBE_UNKNOWN_KIND",
        `${formatObjectKey(keyOf(object))}: the cluster does not serve ${object.apiVersion} ${kind}; see: kubectl get crd`,
      );
    }
    await clock.sleep(servedPollMs, signal);
  }
}

/** Discovery names a new kind a moment before it can be used. */
async function isListable(cluster: Cluster, type: ResourceType, signal: AbortSignal): Promise<boolean> {
  if (type.group !== "argoproj.io") return true;
  try {
    await cluster.list(type, { metadataOnly: true, signal });
    return true;
  } catch (error) {
    if (isMooringError(error, "KUBE_NOT_FOUND")) return false;
    throw error;
  }
}
