import type { ClusterRecord } from "#core/cluster/index.ts";
import { inClusterRecord, parseClusterSecret } from "#core/cluster/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { labelsOf } from "#core/object/index.ts";
import type { RepositoryConfig } from "#core/repo/index.ts";
import {
  parseKnownHostsConfigMap,
  parseRepositoryCredentialsSecret,
  parseRepositorySecret,
  parseTlsCertificatesConfigMap,
  secretTypeLabel,
} from "#core/repo/index.ts";
import type { Settings } from "#core/settings/index.ts";
import { parseSettings } from "#core/settings/index.ts";
import type { Hub } from "./hub.ts";

/** Everything that configures applications, read from the hub's Secrets and ConfigMaps. */
export interface HubConfig {
  readonly repositories: RepositoryConfig;
  readonly clusters: readonly ClusterRecord[];
  readonly settings: Settings;
  /** What could not be read; each names its object and field. The rest stands. */
  readonly problems: readonly string[];
}

export interface ConfigReader {
  readonly parseYaml: (text: string) => unknown;
}

function readAll<T>(
  objects: readonly KubeObject[],
  parse: (object: KubeObject) => T,
  problems: string[],
): readonly T[] {
  return objects.flatMap((object) => {
    try {
      return [parse(object)];
    } catch (error) {
      problems.push(messageOf(error));
      return [];
    }
  });
}

export function readHubConfig(hub: Hub, reader: ConfigReader): HubConfig {
  const problems: string[] = [];
  const secrets = [...hub.secrets.values()];
  const ofType = (type: string) => secrets.filter((secret) => labelsOf(secret)[secretTypeLabel] === type);
  const configMap = (name: string) => hub.configMaps.get(`${hub.namespace}/${name}`);
  const clusters = readAll(ofType("cluster"), parseClusterSecret, problems);
  const settings = parseSettings(configMap("argocd-cm"), reader.parseYaml);
  problems.push(...settings.problems);
  const knownHosts = configMap("argocd-ssh-known-hosts-cm");
  const certificates = configMap("argocd-tls-certs-cm");
  return {
    repositories: {
      repositories: readAll(ofType("repository"), parseRepositorySecret, problems),
      templates: readAll(ofType("repo-creds"), parseRepositoryCredentialsSecret, problems),
      ...(knownHosts === undefined ? {} : { knownHosts: parseKnownHostsConfigMap(knownHosts) }),
      ...(certificates === undefined ? {} : { tlsCertificates: parseTlsCertificatesConfigMap(certificates) }),
    },
    clusters: settings.settings.inClusterEnabled ? withInCluster(clusters) : clusters,
    settings: settings.settings,
    problems,
  };
}

/** The hub's own cluster is always there, unless a Secret describes it. */
function withInCluster(clusters: readonly ClusterRecord[]): readonly ClusterRecord[] {
  return clusters.some((cluster) => cluster.server === inClusterRecord.server)
    ? clusters
    : [inClusterRecord, ...clusters];
}
