import { customResourceDefinitions } from "#core/crd/index.ts";
import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { defaultProject } from "#core/project/default-project.ts";

export interface InstallOptions {
  /** Image that runs `mooring`. */
  readonly image: string;
  /** `argocd` by default, where Argo CD is. */
  readonly namespace?: string;
  /** Leave out the CRDs: those of an installed Argo CD will do. */
  readonly skipCrds?: boolean;
}

const name = "mooring-controller";
const partOf = { "app.kubernetes.io/part-of": "argocd" };
const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "controller", ...partOf };

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
 * Everything that the controller needs on a cluster, in the order of creation. Settings that exist (the ConfigMaps and
 * the default project) are only to be created, never overwritten: `isInstallSeed` tells them.
 */
export function installManifests(options: InstallOptions): readonly KubeObject[] {
  const { namespace = "argocd", image, skipCrds = false } = options;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...(skipCrds ? [] : customResourceDefinitions()),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, labels } },
    ...formatRoles(namespace),
    ...configMaps.map((configMap) => formatConfigMap(configMap, namespace)),
    defaultProject(namespace),
    formatDeployment(namespace, image),
  ];
}

/** True for objects that belong to the user once they exist. */
export function isInstallSeed(object: KubeObject): boolean {
  return object.kind === "ConfigMap" || object.kind === "AppProject" || object.kind === "Namespace";
}

/**
 * The controller deploys whatever kind is in Git, so on the clusters it manages it needs every right; Kubernetes would
 * otherwise refuse to let it create roles with rights that it lacks. To deploy with less, give clusters Secrets with
 * credentials of their own and delete this binding; the Role below is all that the hub itself needs.
 */
function formatRoles(namespace: string): readonly KubeObject[] {
  const everything = [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ];
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  return [
    formatRole("Role", { name, namespace, labels }, hubRules),
    formatBinding("Role", { name, namespace, labels }, subjects),
    formatRole("ClusterRole", { name, labels }, everything),
    formatBinding("ClusterRole", { name, labels }, subjects),
  ];
}

const hubRules: readonly JsonObject[] = [
  {
    apiGroups: ["argoproj.io"],
    resources: ["applications", "applicationsets", "appprojects"],
    verbs: ["create", "get", "list", "watch", "update", "patch", "delete"],
  },
  { apiGroups: [""], resources: ["secrets", "configmaps"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: ["create", "get", "list", "watch", "update", "patch"],
  },
];

interface RoleMetadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: StringMap;
}

function formatRole(kind: string, metadata: RoleMetadata, rules: readonly JsonObject[]): KubeObject {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata, rules };
}

function formatBinding(kind: string, metadata: RoleMetadata, subjects: readonly JsonObject[]): KubeObject {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name: metadata.name };
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: `${kind}Binding`, metadata, roleRef, subjects };
}

function formatConfigMap(configMap: string, namespace: string): KubeObject {
  const metadata = {
    name: configMap,
    namespace,
    labels: { "app.kubernetes.io/name": configMap, ...partOf },
  };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

/** Mirrors and renders are caches: they live in an emptyDir and are made again after a restart. */
function formatDeployment(namespace: string, image: string): KubeObject {
  const selector = { "app.kubernetes.io/name": name };
  const template = { metadata: { labels }, spec: formatPod(image) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template,
    },
  };
}

function formatPod(image: string): JsonObject {
  return {
    serviceAccountName: name,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 999,
      fsGroup: 999,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "controller",
        image,
        args: ["controller"],
        env: [
          { name: "MOORING_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
          { name: "MOORING_DATA", value: "/data" },
        ],
        resources: { requests: { cpu: "100m", memory: "256Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "data", mountPath: "/data" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "data", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ],
  };
}
