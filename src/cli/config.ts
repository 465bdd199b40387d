import { parse } from "yaml";
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
import type { CliHub } from "./hub.ts";
import { hubTypes } from "./hub.ts";
import type { CliPorts } from "./ports.ts";

/** What the control plane's Secrets and ConfigMaps say, read once. */
export interface CliConfig {
  readonly repositories: RepositoryConfig;
  /** The control plane's own cluster included, unless settings turn it off. */
  readonly clusters: readonly ClusterRecord[];
  readonly settings: Settings;
  /** What could not be read; the rest stands. */
  readonly problems: readonly string[];
}

function parseYaml(text: string): unknown {
  return parse(text, { maxAliasCount: 100 }) as unknown;
}

export async function readConfig(hub: CliHub, ports: CliPorts): Promise<CliConfig> {
  const { cluster, namespace } = hub;
  const { signal } = ports;
  const readMap = (name: string) => cluster.read({ type: hubTypes.configMap, namespace, name }, signal);
  const [secrets, settingsMap, knownHosts, certificates] = await Promise.all([
    cluster.list(hubTypes.secret, { namespace, labelSelector: secretTypeLabel, signal }),
    readMap("argocd-cm"),
    readMap("argocd-ssh-known-hosts-cm"),
    readMap("argocd-tls-certs-cm"),
  ]);
  const problems: string[] = [];
  const ofType = (type: string) => secrets.filter((secret) => labelsOf(secret)[secretTypeLabel] === type);
  const { settings, ...parsed } = parseSettings(settingsMap, parseYaml);
  const described = readAll(ofType("cluster"), parseClusterSecret, problems);
  const hasOwn = described.some((record) => record.server === inClusterRecord.server);
  return {
    repositories: {
      repositories: readAll(ofType("repository"), parseRepositorySecret, problems),
      templates: readAll(ofType("repo-creds"), parseRepositoryCredentialsSecret, problems),
      ...(knownHosts === undefined ? {} : { knownHosts: parseKnownHostsConfigMap(knownHosts) }),
      ...(certificates === undefined ? {} : { tlsCertificates: parseTlsCertificatesConfigMap(certificates) }),
    },
    clusters: settings.inClusterEnabled && !hasOwn ? [inClusterRecord, ...described] : described,
    settings,
    problems: [...problems, ...parsed.problems],
  };
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
