import { backupOf, endMark, signingKeysConfigMap } from "#core/backup/index.ts";
import { printYaml } from "#core/diff/index.ts";
import { MooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { readBackupObjects, readConfigMaps } from "../../backup/live-objects.ts";
import { backupNamespaceFlags, readNamespaces } from "../../backup/namespaces.ts";
import type { BackupNamespaces } from "../../backup/namespaces.ts";
import { defineCommand, noArgs } from "../../command.ts";
import type { ClusterHub } from "../../hub.ts";
import { adminFlags, openAdminHub } from "../../hub.ts";
import { exactOf } from "../../output/shielded.ts";
import type { CliPorts, PrivateFile } from "../../ports.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "admin export",
  summary: "Write a backup of the control plane: settings, credentials, projects and applications",
  details:
    "The format is Argo CD's: argocd admin import reads it, as mooring admin import does. A backup holds passwords and keys; a file is readable for its owner alone, and is there under its name once it is whole. Signing keys come last, and only where there are any: argocd admin import stops at them where it finds the ConfigMap argocd-gpg-keys-cm, when everything else is imported already. The last line is a comment with the number of objects, by which mooring admin import knows that nothing was cut off.",
  examples: [
    "mooring admin export --out backup.yaml",
    "mooring admin export -n argocd | age -r … > backup.age",
  ],
  args: noArgs,
  flags: {
    ...adminFlags,
    out: {
      type: "string",
      short: "o",
      value: "FILE",
      description: "File to write to; - is standard output, the default",
    },
    ...backupNamespaceFlags,
    "strip-status": { type: "boolean", description: "Leave out what controllers found out" },
    "skip-gpg-keys": { type: "boolean", description: `Leave out the ConfigMap ${signingKeysConfigMap}` },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using hub = await openAdminHub(invocation, ports);
    const place = await readNamespaces(flags, hub, ports.signal);
    await using target = await openTarget(flags.out ?? "-", ports);
    const counts = new Map<string, number>();
    const options = { namespace: hub.namespace, stripStatus: flags["strip-status"] === true };
    for await (const object of exported({ hub, place, ports, withKeys: flags["skip-gpg-keys"] !== true })) {
      await target.write(`${printYaml(backupOf(object, options))}---\n`);
      counts.set(object.kind, (counts.get(object.kind) ?? 0) + 1);
    }
    if (counts.size === 0) throw nothingThere(hub);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    await target.write(endMark(total, place.scope));
    await target.commit();
    const told = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ");
    ports.stderr.write(`exported ${told} of namespace ${hub.namespace}\n`);
    return 0;
  },
});

interface ExportRequest {
  readonly hub: ClusterHub;
  readonly place: BackupNamespaces;
  readonly ports: CliPorts;
  readonly withKeys: boolean;
}

async function* exported({ hub, place, ports, withKeys }: ExportRequest): AsyncGenerator<KubeObject> {
  const { signal, stderr } = ports;
  const { namespace } = hub;
  for (const [name, configMap] of await readConfigMaps(hub, signal)) {
    if (configMap !== undefined) yield configMap;
    else stderr.write(`warning: ConfigMap/${namespace}/${name}: does not exist; left out\n`);
  }
  yield* readBackupObjects({
    ...place,
    hub,
    onMissingKind: (kind) =>
      stderr.write(`warning: context ${hub.context} does not serve kind ${kind}; left out\n`),
    signal,
  });
  const ref = { type: hubTypes.configMap, namespace, name: signingKeysConfigMap };
  const keys = withKeys ? await hub.cluster.read(ref, signal) : undefined;
  if (keys !== undefined && Object.keys(viewObject(keys, "data")).length > 0) yield keys;
}

async function openTarget(file: string, ports: CliPorts): Promise<PrivateFile> {
  if (file === "-") {
    return {
      write: async (text) => exactOf(ports.stdout).write(text),
      commit: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  try {
    return await ports.createPrivateFile(file);
  } catch (error) {
    throw usageError(`file ${file}: cannot be written: ${messageOf(error)}`);
  }
}

/** A backup of the wrong namespace would be noticed when it is needed. */
function nothingThere({ namespace, context }: ClusterHub): MooringError {
  return new MooringError(
    "CONFIG_NOT_FOUND",
    `namespace ${namespace} of context ${context}: has nothing of an installation; name the control plane's namespace with -n`,
  );
}
