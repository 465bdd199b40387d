import type { ArgoWorkload } from "#core/adopt/index.ts";
import { viewWorkload } from "#core/adopt/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { compilePolicy, parseRbacConfig, rbacConfigMapName } from "#core/rbac/index.ts";
import { parseSettings } from "#core/settings/index.ts";
import type { Settings } from "#core/settings/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ResourceType } from "#ports/cluster.ts";
import { formatTime } from "#runtime/clock.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ClusterHub } from "../hub.ts";
import type { CliPorts } from "../ports.ts";
import { validateSettings } from "../settings/validate-settings.ts";

const namespaced = { namespaced: true, verbs: [], shortNames: [] } as const;
const apps = { ...namespaced, group: "apps", version: "v1" } as const;

/** Where Argo CD's programs run. */
export const workloadTypes = {
  Deployment: { ...apps, kind: "Deployment", plural: "deployments" },
  StatefulSet: { ...apps, kind: "StatefulSet", plural: "statefulsets" },
} as const satisfies Readonly<Record<string, ResourceType>>;

const leaseType: ResourceType = {
  ...namespaced,
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
};
const definitionType: ResourceType = {
  ...namespaced,
  namespaced: false,
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
};
const definitions = ["applications", "appprojects", "applicationsets"].map(
  (plural) => `${plural}.argoproj.io`,
);

/** The workloads of the Argo CD in the control plane's namespace. Throws CONFIG_NOT_FOUND when there are none. */
export async function readWorkloads(hub: ClusterHub, signal: AbortSignal): Promise<readonly ArgoWorkload[]> {
  const { cluster, namespace, context } = hub;
  const lists = await Promise.all(
    Object.values(workloadTypes).map((type) => cluster.list(type, { namespace, signal })),
  );
  const found = lists.flat().flatMap((object) => viewWorkload(object) ?? []);
  if (found.some(({ component }) => component === "application-controller")) return found;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `namespace ${namespace} of context ${context}: has no argocd-application-controller, so no Argo CD to take the place of; name its namespace with -n`,
  );
}

/** What is to be known of an installation besides its workloads. */
export interface Installation {
  readonly settings: Settings;
  /** What is wrong, and what Mooring does not act on, a sentence each. */
  readonly remarks: readonly string[];
  /** The definitions as they are there, such as `applications.argoproj.io v1alpha1`. */
  readonly definitions: readonly string[];
}

export async function readInstallation(
  hub: ClusterHub,
  workloads: readonly ArgoWorkload[],
  { signal }: CliPorts,
): Promise<Installation> {
  const { cluster, namespace } = hub;
  const readMap = async (name: string) =>
    await cluster.read({ type: hubTypes.configMap, namespace, name }, signal);
  const [configMap, rbac, parameters, notifications, secret, others, ...crds] = await Promise.all([
    readMap("argocd-cm"),
    readMap(rbacConfigMapName),
    readMap("argocd-cmd-params-cm"),
    readMap("argocd-notifications-cm"),
    cluster.read({ type: hubTypes.secret, namespace, name: "argocd-secret" }, signal),
    cluster.list(hubTypes.secret, { namespace, labelSelector: "app.kubernetes.io/part-of=argocd", signal }),
    ...definitions.map((name) => cluster.read({ type: definitionType, namespace: "", name }, signal)),
  ]);
  const groups = validateSettings({ configMap, secret, others, fromCluster: true }, undefined);
  const policy = compilePolicy(parseRbacConfig({ rbac, settings: configMap, parseYaml: parseConfigYaml }), {
    compilePattern,
  });
  return {
    settings: parseSettings(configMap, parseConfigYaml).settings,
    remarks: [
      ...groups.flatMap(({ problems, warnings }) => [...problems, ...warnings]),
      ...policy.problems.map(({ message }) => `ConfigMap/${namespace}/${rbacConfigMapName}: ${message}`),
      ...parameterRemarks(parameters, namespace),
      ...notificationRemarks(notifications, namespace),
      ...pluginRemarks(workloads),
      ...crds.flatMap((crd, i) => definitionRemark(definitions[i] ?? "", crd, namespace) ?? []),
    ],
    definitions: crds.flatMap((crd, i) =>
      crd === undefined ? [] : [`${definitions[i]} ${versionsOf(crd)}`],
    ),
  };
}

/** Parameters of Argo CD's processes are flags of other programs; where Mooring looks for Applications is the one that it shares. */
function parameterRemarks(parameters: KubeObject | undefined, namespace: string): readonly string[] {
  const keys = Object.keys(viewObject(parameters, "data")).filter((key) => key !== "application.namespaces");
  if (keys.length === 0) return [];
  return [
    `ConfigMap/${namespace}/argocd-cmd-params-cm: ${keys.toSorted().join(", ")}: are parameters of Argo CD's own processes and have no effect; see mooring controller --help for Mooring's`,
  ];
}

function notificationRemarks(notifications: KubeObject | undefined, namespace: string): readonly string[] {
  if (Object.keys(viewObject(notifications, "data")).length === 0) return [];
  return [
    `ConfigMap/${namespace}/argocd-notifications-cm: Mooring sends no notifications yet; leave argocd-notifications-controller running`,
  ];
}

function pluginRemarks(workloads: readonly ArgoWorkload[]): readonly string[] {
  const server = workloads.find(({ component }) => component === "repo-server");
  const [, ...sidecars] = viewArray(server?.object, "spec", "template", "spec", "containers");
  const names = sidecars.map((one) => viewString(one, "name") ?? "");
  if (server === undefined || names.length === 0) return [];
  return [
    `${server.kind}/${server.name}: has sidecars ${names.join(", ")}; those that are config management plugins must run beside Mooring's controller, too`,
  ];
}

function definitionRemark(name: string, crd: KubeObject | undefined, namespace: string): string | undefined {
  if (crd === undefined)
    return `CustomResourceDefinition/${name}: does not exist; add it with: mooring install --apply --crds-only -n ${namespace}`;
  if (versionsOf(crd).split(", ").includes("v1alpha1")) return undefined;
  return `CustomResourceDefinition/${name}: does not serve v1alpha1, the version that Mooring speaks; replace it with: mooring install --apply --crds-only -n ${namespace}`;
}

function versionsOf(crd: KubeObject): string {
  return viewArray(crd, "spec", "versions")
    .filter((version) => viewObject({ version }, "version")["served"] === true)
    .map((version) => viewString(version, "name") ?? "")
    .join(", ");
}

/** Who of Mooring leads in the control plane's namespace, and until when at least; undefined when nobody does. */
export async function readLeader(hub: ClusterHub, { clock, signal }: CliPorts): Promise<string | undefined> {
  const ref = { type: leaseType, namespace: hub.namespace, name: "mooring-controller" };
  const lease = await hub.cluster.read(ref, signal);
  const holder = viewString(lease, "spec", "holderIdentity") ?? "";
  const renewedMs = Date.parse(viewString(lease, "spec", "renewTime") ?? "");
  const endsMs = renewedMs + (viewNumber(lease, "spec", "leaseDurationSeconds") ?? 0) * 1000;
  // A Lease without a readable time says nothing of anybody.
  return holder !== "" && endsMs > clock.now() ? `${holder}, until ${formatTime(endsMs)}` : undefined;
}
