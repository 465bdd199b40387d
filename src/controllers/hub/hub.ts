import { dataKeysLabel } from "#core/data-keys/index.ts";
import { variablesForLabel } from "#core/substitute/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ResourceType } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";
import type { Collection, Hub, HubKey } from "#ports/hub.ts";
import { startCollection } from "./collection.ts";
import { hubTypes } from "#engine/hub-types.ts";

/** What changed besides applications; every application is looked at again, which is cheap where nothing follows. */
type HubConfigKind = "project" | "secret" | "configMap";

export interface HubOptions {
  readonly cluster: Cluster;
  /** The control-plane namespace, `argocd` by default. */
  readonly namespace: string;
  /** Whether Applications of other namespaces are looked at, by namespace; none are unless told. */
  readonly admits?: ((namespace: string) => boolean) | undefined;
  readonly log: Log;
  readonly onApplication: (
    key: HubKey,
    before: KubeObject | undefined,
    after: KubeObject | undefined,
  ) => void;
  /** A Pipeline or a Promotion. */
  readonly onPromotion?: (key: HubKey, before: KubeObject | undefined, after: KubeObject | undefined) => void;
  readonly onConfig: (kind: HubConfigKind, object: KubeObject) => void;
  readonly signal: AbortSignal;
}

const labelledSecrets = "argocd.argoproj.io/secret-type";
const ownConfigMaps = "app.kubernetes.io/part-of=argocd";

const ignore = (): void => undefined;

export function startHub(options: HubOptions): Hub {
  const { cluster, namespace, log, signal, admits } = options;
  const config = (kind: HubConfigKind) => (_key: HubKey, before?: KubeObject, after?: KubeObject) => {
    const object = after ?? before;
    if (object !== undefined) options.onConfig(kind, object);
  };
  const common = { cluster, log, signal };
  const admitted = {
    ...common,
    list: admits === undefined ? { namespace } : {},
    accepts: ({ metadata }: KubeObject) =>
      metadata.namespace === namespace || admits?.(metadata.namespace ?? "") === true,
  };
  const applications = startCollection({
    ...admitted,
    type: hubTypes.application,
    onChange: options.onApplication,
  });
  const promoted = (type: ResourceType): Collection =>
    startCollection({ ...admitted, type, isOptional: true, onChange: options.onPromotion ?? ignore });
  const [pipelines, promotions] = [promoted(hubTypes.pipeline), promoted(hubTypes.promotion)];
  const labelled = (type: ResourceType, labelSelector: string): Collection =>
    startCollection({
      ...common,
      type,
      list: { namespace, labelSelector },
      onChange: config(type === hubTypes.secret ? "secret" : "configMap"),
    });
  const projects = startCollection({
    ...common,
    type: hubTypes.project,
    list: { namespace },
    onChange: config("project"),
  });
  const secrets = labelled(hubTypes.secret, labelledSecrets);
  const keys = labelled(hubTypes.secret, dataKeysLabel);
  const configMaps = labelled(hubTypes.configMap, ownConfigMaps);
  const variables = [hubTypes.configMap, hubTypes.secret].map((type) => labelled(type, variablesForLabel));
  const all = [applications, projects, secrets, keys, configMaps, ...variables, pipelines, promotions];
  return {
    cluster,
    namespace,
    applications,
    projects,
    secrets,
    keys,
    configMaps,
    variables,
    pipelines,
    promotions,
    synced: Promise.all(all.map((collection) => collection.synced)).then(() => undefined),
    ended: Promise.all(all.map((collection) => collection.ended)).then(() => undefined),
  };
}
