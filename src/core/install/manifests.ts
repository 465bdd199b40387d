import { customResourceDefinitions } from "#core/crd/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { defaultProject } from "#core/project/default-project.ts";
import { defaultNamespace, partOf } from "./labels.ts";
import { formatNetworkPolicies } from "./network-policies.ts";
import { formatAccess } from "./roles.ts";
import { formatController, formatServer, formatService } from "./workloads.ts";

export interface InstallOptions {
  /** Image that runs `mooring`. */
  readonly image: string;
  /** `argocd` by default, where Argo CD is. */
  readonly namespace?: string;
  /** Leave out the CRDs: those of an installed Argo CD will do. */
  readonly skipCrds?: boolean;
  /** Unless false, the control plane may deploy to all of its own cluster; else only to its own namespace and to clusters with Secrets. */
  readonly clusterWide?: boolean;
}

/** The ConfigMaps that Mooring and Argo CD's tools expect to be there. */
const configMaps = [
  "argocd-cm",
  "argocd-cmd-params-cm",
  "argocd-rbac-cm",
  "argocd-ssh-known-hosts-cm",
  "argocd-tls-certs-cm",
  "argocd-gpg-keys-cm",
];

/**
 * Everything that controller and server need on a cluster, in the order of creation. Settings that exist (the ConfigMaps and
 * the default project) are only to be created, never overwritten: `isInstallSeed` tells them.
 */
export function installManifests(options: InstallOptions): readonly KubeObject[] {
  const { namespace = defaultNamespace, image, skipCrds = false, clusterWide = true } = options;
  const scope = { namespace, clusterWide };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...(skipCrds ? [] : customResourceDefinitions()),
    ...formatAccess("controller", scope),
    ...formatAccess("server", scope),
    ...configMaps.map((configMap) => formatConfigMap(configMap, namespace)),
    defaultProject(namespace),
    formatController({ namespace, image }),
    formatServer({ namespace, image }),
    formatService(namespace),
    ...formatNetworkPolicies(namespace),
  ];
}

/** True for objects that belong to the user once they exist. */
export function isInstallSeed(object: KubeObject): boolean {
  return object.kind === "ConfigMap" || object.kind === "AppProject" || object.kind === "Namespace";
}

function formatConfigMap(configMap: string, namespace: string): KubeObject {
  const metadata = {
    name: configMap,
    namespace,
    labels: { "app.kubernetes.io/name": configMap, ...partOf },
  };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}
