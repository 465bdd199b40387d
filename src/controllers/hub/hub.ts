import { dataKeysLabel } from "#core/data-keys/index.ts";
import { variablesForLabel } from "#core/substitute/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";
import type { Collection, HubKey } from "./collection.ts";
import { startCollection } from "./collection.ts";
import { hubTypes } from "#engine/hub-types.ts";

/** What changed besides applications; every application is looked at again, which is cheap where nothing follows. */
type HubConfigKind = "project" | "secret" | "configMap";

export interface HubOptions {
  readonly cluster: Cluster;
  /** The control-plane namespace, `argocd` by default. */
  readonly namespace: string;
  readonly log: Log;
  readonly onApplication: (
    key: HubKey,
    before: KubeObject | undefined,
    after: KubeObject | undefined,
  ) => void;
  readonly onConfig: (kind: HubConfigKind, object: KubeObject) => void;
  readonly signal: AbortSignal;
}

/** The hub's state as Kubernetes objects in one namespace, kept current by watches. */
export interface Hub {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly applications: Collection;
  readonly projects: Collection;
  /** Secrets labelled as repository, repo-creds or cluster. */
  readonly secrets: Collection;
  /** Secrets labelled as keys for encrypted files. */
  readonly keys: Collection;
  readonly configMaps: Collection;
  /** ConfigMaps and Secrets labelled as variables. */
  readonly variables: readonly Collection[];
  readonly synced: Promise<void>;
  readonly ended: Promise<void>;
}

const labelledSecrets = "argocd.argoproj.io/secret-type";
const ownConfigMaps = "app.kubernetes.io/part-of=argocd";

export function startHub(options: HubOptions): Hub {
  const { cluster, namespace, log, signal } = options;
  const config = (kind: HubConfigKind) => (_key: HubKey, before?: KubeObject, after?: KubeObject) => {
    const object = after ?? before;
    if (object !== undefined) options.onConfig(kind, object);
  };
  const common = { cluster, log, signal };
  const applications = startCollection({
    ...common,
    type: hubTypes.application,
    list: { namespace },
    onChange: options.onApplication,
  });
  const projects = startCollection({
    ...common,
    type: hubTypes.project,
    list: { namespace },
    onChange: config("project"),
  });
  const secrets = startCollection({
    ...common,
    type: hubTypes.secret,
    list: { namespace, labelSelector: labelledSecrets },
    onChange: config("secret"),
  });
  const keys = startCollection({
    ...common,
    type: hubTypes.secret,
    list: { namespace, labelSelector: dataKeysLabel },
    onChange: config("secret"),
  });
  const configMaps = startCollection({
    ...common,
    type: hubTypes.configMap,
    list: { namespace, labelSelector: ownConfigMaps },
    onChange: config("configMap"),
  });
  const variables = [hubTypes.configMap, hubTypes.secret].map((type) =>
    startCollection({
      ...common,
      type,
      list: { namespace, labelSelector: variablesForLabel },
      onChange: config(type === hubTypes.secret ? "secret" : "configMap"),
    }),
  );
  const all = [applications, projects, secrets, keys, configMaps, ...variables];
  return {
    cluster,
    namespace,
    applications,
    projects,
    secrets,
    keys,
    configMaps,
    variables,
    synced: Promise.all(all.map((collection) => collection.synced)).then(() => undefined),
    ended: Promise.all(all.map((collection) => collection.ended)).then(() => undefined),
  };
}
