import type { HubConfig } from "#core/hub/index.ts";
import { readHubConfig } from "#core/hub/index.ts";
import { expressionProblems } from "#engine/health-expressions.ts";
import type { Log } from "#runtime/log.ts";
import type { Hub } from "#ports/hub.ts";

export interface ConfigReader {
  readonly parseYaml: (text: string) => unknown;
  readonly log: Log;
}

/** Reads the configuration as the hub has it now; what cannot be read is logged and left out. */
export function readConfig(hub: Hub, { parseYaml, log }: ConfigReader): HubConfig {
  const objects = {
    secrets: [...hub.secrets.values(), ...hub.keys.values()],
    variables: hub.variables.flatMap((collection) => [...collection.values()]),
    configMap: (name: string) => hub.configMaps.get(`${hub.namespace}/${name}`),
  };
  const config = readHubConfig(objects, parseYaml);
  for (const problem of [...config.problems, ...expressionProblems(config.settings.healthScripts)])
    log.warn("configuration problem", { problem });
  return config;
}
