import { dataKeysLabel } from "#core/data-keys/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import { readHubConfig } from "#core/hub/index.ts";
import { secretTypeLabel } from "#core/repo/index.ts";
import { variablesForLabel } from "#core/substitute/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import type { CliHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";

const configMaps = ["argocd-cm", "argocd-ssh-known-hosts-cm", "argocd-tls-certs-cm"];

/** What the control plane's Secrets and ConfigMaps say, read once. */
export async function readConfig(hub: CliHub, ports: CliPorts): Promise<HubConfig> {
  const { cluster, namespace } = hub;
  const { signal } = ports;
  const [secrets, keys, variableMaps, variableSecrets, ...maps] = await Promise.all([
    cluster.list(hubTypes.secret, { namespace, labelSelector: secretTypeLabel, signal }),
    cluster.list(hubTypes.secret, { namespace, labelSelector: dataKeysLabel, signal }),
    cluster.list(hubTypes.configMap, { namespace, labelSelector: variablesForLabel, signal }),
    cluster.list(hubTypes.secret, { namespace, labelSelector: variablesForLabel, signal }),
    ...configMaps.map((name) => cluster.read({ type: hubTypes.configMap, namespace, name }, signal)),
  ]);
  const byName = new Map(configMaps.map((name, index) => [name, maps[index]]));
  return readHubConfig(
    {
      secrets: [...secrets, ...keys],
      variables: [...variableMaps, ...variableSecrets],
      configMap: (name) => byName.get(name),
    },
    parseConfigYaml,
  );
}
