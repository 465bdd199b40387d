import { MooringError, isMooringError } from "#core/errors/index.ts";
import { installManifests, isInstallSeed } from "#core/install/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, keyOf } from "#core/object/index.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { defineCommand, noArgs } from "../command.ts";
import type { CliHub } from "../hub.ts";
import { cliFieldManager, namespaceOf, openHub } from "../hub.ts";
import { printDocuments } from "../output/print-value.ts";
import type { CliPorts } from "../ports.ts";

const defaultImage = "ghcr.io/mooring/mooring:latest";

export const command = defineCommand({
  name: "install",
  summary: "Print or apply what a cluster needs to run Mooring",
  details: "Settings that exist (ConfigMaps, the default project) are never overwritten.",
  examples: ["mooring install | kubectl apply --server-side -f -", "mooring install --apply"],
  args: noArgs,
  flags: {
    apply: { type: "boolean", description: "Apply to the cluster instead of printing" },
    image: { type: "string", value: "IMAGE", description: `Image that runs the controller; ${defaultImage}` },
    namespace: { type: "string", value: "NAME", description: "Control-plane namespace, as -n" },
    "skip-crds": {
      type: "boolean",
      description: "Leave out the CustomResourceDefinitions: an Argo CD's will do",
    },
    "crds-only": {
      type: "boolean",
      description: "Only the CustomResourceDefinitions, the namespace and the settings",
    },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const objects = installManifests({
      image: flags.image ?? defaultImage,
      namespace: flags.namespace ?? namespaceOf(invocation, ports),
      skipCrds: flags["skip-crds"] === true,
    }).filter((object) => flags["crds-only"] !== true || isDefinition(object) || isInstallSeed(object));
    if (flags.apply !== true) {
      printDocuments(ports.stdout, objects as readonly JsonValue[]);
      return 0;
    }
    await using hub = await openHub(invocation, ports);
    for (const object of objects) {
      const outcome = await installOne(object, hub, ports);
      ports.stdout.write(`${formatObjectKey(keyOf(object))} ${outcome}\n`);
    }
    return 0;
  },
});

function isDefinition(object: KubeObject): boolean {
  return object.kind === "CustomResourceDefinition";
}

/** Settings are only created; everything else is brought to what this version needs. */
async function installOne(
  object: KubeObject,
  hub: CliHub,
  ports: CliPorts,
): Promise<"created" | "configured" | "unchanged" | "kept"> {
  const { cluster } = hub;
  const { signal } = ports;
  const type = await servedType(object, hub, ports);
  const { namespace = "", name = "" } = object.metadata;
  const before = await cluster.read({ type, namespace, name }, signal);
  if (before !== undefined && isInstallSeed(object)) return "kept";
  const after = await cluster.apply(type, object, { fieldManager: cliFieldManager, force: true, signal });
  if (before === undefined) return "created";
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? "unchanged" : "configured";
}

const servedDeadlineMs = 30_000;
const servedPollMs = 200;

/** The type of an object; a kind whose definition was just created is awaited. */
async function servedType(object: KubeObject, hub: CliHub, ports: CliPorts): Promise<ResourceType> {
  const { group, kind, version } = gvkOf(object);
  const deadline = ports.clock.now() + servedDeadlineMs;
  for (let refresh = false; ; refresh = true) {
    const discovery = await hub.cluster.discover(ports.signal, { refresh });
    const type = discovery.typeOf(group, kind, version);
    if (type?.version === version && (await isListable(type, hub, ports))) return type;
    if (ports.clock.now() > deadline) {
      throw new MooringError(
        "KUBE_UNKNOWN_KIND",
        `${formatObjectKey(keyOf(object))}: the cluster does not serve ${object.apiVersion} ${kind}; see: kubectl get crd`,
      );
    }
    await ports.clock.sleep(servedPollMs, ports.signal);
  }
}

/** Discovery names a new kind a moment before it can be used. */
async function isListable(type: ResourceType, hub: CliHub, { signal }: CliPorts): Promise<boolean> {
  if (type.group !== "argoproj.io") return true;
  try {
    await hub.cluster.list(type, { metadataOnly: true, signal });
    return true;
  } catch (error) {
    if (isMooringError(error, "KUBE_NOT_FOUND")) return false;
    throw error;
  }
}
