import type { SigningKeys } from "#core/integrity/index.ts";
import { parseSigningKeysConfigMap } from "#core/integrity/index.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import { inClusterRecord, parseClusterSecret } from "#core/cluster/index.ts";
import type { DataKeySecret } from "#core/data-keys/index.ts";
import { isDataKeySecret, parseDataKeySecret } from "#core/data-keys/index.ts";
import { messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { labelsOf, viewString } from "#core/object/index.ts";
import type { RepositoryConfig } from "#core/repo/index.ts";
import {
  parseKnownHostsConfigMap,
  parseRepositoryCredentialsSecret,
  parseRepositorySecret,
  parseTlsCertificatesConfigMap,
  secretTypeLabel,
} from "#core/repo/index.ts";
import type { ParseYaml, Settings } from "#core/settings/index.ts";
import { parseSettings } from "#core/settings/index.ts";

/** The objects of the control-plane namespace that configure applications. */
export interface HubObjects {
  /** Secrets with one of the secret-type labels. */
  readonly secrets: Iterable<KubeObject>;
  /** ConfigMaps and Secrets that are given away as variables. */
  readonly variables: Iterable<KubeObject>;
  /** A ConfigMap by name. */
  readonly configMap: (name: string) => KubeObject | undefined;
}

/** Everything that configures applications. */
export interface HubConfig {
  readonly repositories: RepositoryConfig;
  /** How rendered manifests are pushed: by credentials of their own, which nothing is read with. */
  readonly writing: RepositoryConfig;
  /** `hydrator.enabled` of `argocd-cmd-params-cm`: whether rendered manifests are pushed at all. */
  readonly hydrates: boolean;
  /** The hub's own cluster included, unless settings turn it off. */
  readonly clusters: readonly ClusterRecord[];
  readonly settings: Settings;
  /** Private keys for files encrypted with SOPS. */
  readonly dataKeys: readonly DataKeySecret[];
  /** Public PGP keys for signatures of commits. */
  readonly signingKeys: SigningKeys;
  /** ConfigMaps and Secrets that are given away as variables. */
  readonly variables: readonly KubeObject[];
  /** What could not be read; each names its object and field. The rest stands. */
  readonly problems: readonly string[];
}

/** Reads the configuration from the hub's Secrets and ConfigMaps. Never throws: what cannot be read is a problem. */
export function readHubConfig(
  { secrets, variables, configMap }: HubObjects,
  parseYaml: ParseYaml,
): HubConfig {
  const problems: string[] = [];
  const all = [...secrets];
  const ofType = (type: string) => all.filter((secret) => labelsOf(secret)[secretTypeLabel] === type);
  const clusters = readAll(ofType("cluster"), parseClusterSecret, problems);
  const { settings, ...parsed } = parseSettings(configMap("argocd-cm"), parseYaml);
  const knownHosts = configMap("argocd-ssh-known-hosts-cm");
  const certificates = configMap("argocd-tls-certs-cm");
  const trust = {
    ...(knownHosts === undefined ? {} : { knownHosts: parseKnownHostsConfigMap(knownHosts) }),
    ...(certificates === undefined ? {} : { tlsCertificates: parseTlsCertificatesConfigMap(certificates) }),
  };
  const repositories = (type: "repository" | "repository-write") =>
    readAll(ofType(type), (secret) => parseRepositorySecret(secret, type), problems);
  const templates = (type: "repo-creds" | "repo-write-creds") =>
    readAll(ofType(type), (secret) => parseRepositoryCredentialsSecret(secret, type), problems);
  return {
    repositories: {
      repositories: repositories("repository"),
      templates: templates("repo-creds"),
      ...trust,
    },
    writing: {
      repositories: repositories("repository-write"),
      templates: templates("repo-write-creds"),
      ...trust,
    },
    hydrates: viewString(configMap("argocd-cmd-params-cm"), "data", "hydrator.enabled")?.trim() === "true",
    clusters: settings.inClusterEnabled ? withInCluster(clusters) : clusters,
    settings,
    signingKeys: parseSigningKeysConfigMap(configMap("argocd-gpg-keys-cm")),
    variables: [...variables],
    dataKeys: readAll(
      all.filter((secret) => isDataKeySecret(secret)),
      parseDataKeySecret,
      problems,
    ),
    problems: [...problems, ...parsed.problems],
  };
}

/** The hub's own cluster is always there, unless a Secret describes it. */
function withInCluster(clusters: readonly ClusterRecord[]): readonly ClusterRecord[] {
  const described = clusters.some((cluster) => cluster.server === inClusterRecord.server);
  return described ? clusters : [inClusterRecord, ...clusters];
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
