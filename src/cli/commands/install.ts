import { installManifests, isInstallSeed } from "#core/install/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, keyOf } from "#core/object/index.ts";
import { installObject } from "#engine/install-object.ts";
import { defineCommand, noArgs } from "../command.ts";
import { cliFieldManager, namespaceOf, openClusterHub } from "../hub.ts";
import { printDocuments } from "../output/print-value.ts";
import { mooringVersion } from "./version.ts";

const defaultImage = `ghcr.io/mooring/mooring:${mooringVersion}`;

export const command = defineCommand({
  name: "install",
  summary: "Print or apply what a cluster needs to run Mooring",
  details: "Settings that exist (ConfigMaps, the default project) are never overwritten.",
  examples: ["mooring install | kubectl apply --server-side -f -", "mooring install --apply"],
  args: noArgs,
  flags: {
    apply: { type: "boolean", description: "Apply to the cluster instead of printing" },
    image: {
      type: "string",
      value: "IMAGE",
      description: `Image that runs controller and server; ${defaultImage}`,
    },
    namespace: { type: "string", value: "NAME", description: "Control-plane namespace, as -n" },
    "skip-crds": {
      type: "boolean",
      description: "Leave out the CustomResourceDefinitions: an Argo CD's will do",
    },
    namespaced: {
      type: "boolean",
      description: "Rights in the control-plane namespace alone; clusters have credentials of their own",
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
      clusterWide: flags.namespaced !== true,
    }).filter((object) => flags["crds-only"] !== true || isDefinition(object) || isInstallSeed(object));
    if (flags.apply !== true) {
      printDocuments(ports.stdout, objects as readonly JsonValue[]);
      return 0;
    }
    await using hub = await openClusterHub(invocation, ports);
    for (const object of objects) {
      const { clock, signal } = ports;
      const outcome = await installObject(hub.cluster, object, {
        clock,
        signal,
        fieldManager: cliFieldManager,
      });
      ports.stdout.write(`${formatObjectKey(keyOf(object))} ${outcome}\n`);
    }
    return 0;
  },
});

function isDefinition(object: KubeObject): boolean {
  return object.kind === "CustomResourceDefinition";
}
