import { MooringError } from "#core/errors/index.ts";
import type { SigningKeys } from "#core/integrity/index.ts";
import { parseSigningKeysConfigMap } from "#core/integrity/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { CliHub } from "./hub.ts";
import { cliFieldManager } from "./hub.ts";

const configMapName = "argocd-gpg-keys-cm";

function refOf(hub: CliHub) {
  return { type: hubTypes.configMap, namespace: hub.namespace, name: configMapName };
}

/** The installation's public keys by the ids under which they are stored. */
export async function readSigningKeys(hub: CliHub, signal: AbortSignal): Promise<SigningKeys> {
  if (hub.api !== undefined) {
    const { items = [] } = await hub.api.ask.gpgKey.list({}, signal);
    const keys = items.map(async ({ keyID = "" }) => {
      const { keyData = "" } = (await hub.api?.ask.gpgKey.get({ keyID }, signal)) ?? {};
      return [keyID, keyData] as const;
    });
    return Object.fromEntries(await Promise.all(keys));
  }
  return parseSigningKeysConfigMap(await hub.cluster.read(refOf(hub), signal));
}

/** Writes entries; null removes one. Makes the ConfigMap where it is missing. */
export async function writeSigningKeys(
  hub: CliHub,
  data: Readonly<Record<string, string | null>>,
  signal: AbortSignal,
): Promise<void> {
  if (hub.api !== undefined) {
    const { create, delete: remove } = hub.api.ask.gpgKey;
    for (const [keyID, keyData] of Object.entries(data)) {
      if (keyData === null) await remove({ keyID }, signal);
      else await create({ publickey: { keyID, keyData }, upsert: true }, signal);
    }
    return;
  }
  const options = { fieldManager: cliFieldManager, signal };
  if ((await hub.cluster.read(refOf(hub), signal)) !== undefined) {
    await hub.cluster.mergePatch(refOf(hub), { data }, options);
    return;
  }
  const labels = { "app.kubernetes.io/name": configMapName, "app.kubernetes.io/part-of": "argocd" };
  const metadata = { name: configMapName, namespace: hub.namespace, labels };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  await hub.cluster.create(hubTypes.configMap, object, options);
}

/** Throws CONFIG_NOT_FOUND that says how to see which keys there are. */
export function requireSigningKey(keys: SigningKeys, id: string): string {
  const found = keys[id];
  if (found !== undefined) return found;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `GnuPG key ${id}: is not in ${configMapName}; see: mooring gpg list`,
  );
}
