import type { DescField } from "@bufbuild/protobuf";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

const types = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";

/** Fields of objects of which false and 0 say something else than nothing, since Go keeps them by a pointer. */
const toldApart: ReadonlySet<string> = new Set([
  `${types}.SyncPolicyAutomated.enabled`,
  `${types}.SyncPolicyAutomated.prune`,
  `${types}.SyncPolicyAutomated.selfHeal`,
  `${types}.SyncPolicyAutomated.allowEmpty`,
  `${types}.Backoff.factor`,
  `${types}.ApplicationSpec.revisionHistoryLimit`,
  `${types}.OrphanedResourcesMonitorSettings.warn`,
  // The first entry of a history.
  `${types}.RevisionHistory.id`,
  `${types}.ApplicationSetSyncPolicy.preserveResourcesOnDeletion`,
  "k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta.deletionGracePeriodSeconds",
  "k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference.controller",
  "k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference.blockOwnerDeletion",
]);

/**
 * Texts that Go writes into JSON also when they are empty: the core group has no name, what is scoped to the cluster no namespace, and a
 * variable may have an empty value.
 */
const emptyIsSaid: ReadonlySet<string> = new Set([
  `${types}.ClusterResourceRestrictionItem.group`,
  ...["group", "version", "kind", "namespace", "name"].map((field) => `${types}.ResourceResult.${field}`),
  ...["JsonnetVar", "EnvEntry", "Info"].flatMap((type) => [
    `${types}.${type}.name`,
    `${types}.${type}.value`,
  ]),
  `${types}.SyncOperationResult.revision`,
  `${types}.ApplicationCondition.message`,
  "k8s.io.apimachinery.pkg.apis.meta.v1.GroupKind.group",
]);

/** Messages that Go sends even when nothing is in them, and that say nothing then. */
const emptyIsNothing: ReadonlySet<string> = new Set([
  `${types}.ApplicationSourceDirectory.jsonnet`,
  `${types}.Application.status`,
  `${types}.ApplicationStatus.sync`,
  `${types}.ApplicationStatus.health`,
  `${types}.ApplicationStatus.summary`,
  `${types}.SyncStatus.comparedTo`,
  `${types}.ComparedTo.source`,
  `${types}.RevisionHistory.source`,
  `${types}.SyncOperationResult.source`,
  `${types}.ComparedTo.destination`,
  `${types}.Operation.initiatedBy`,
  `${types}.Operation.retry`,
  `${types}.AppProject.status`,
  `${types}.ClusterConfig.tlsClientConfig`,
  `${types}.Cluster.connectionState`,
  `${types}.Cluster.info`,
  `${types}.ClusterInfo.connectionState`,
  `${types}.ClusterInfo.cacheInfo`,
  `${types}.Repository.connectionState`,
]);

const objectPackages = [types, "k8s.io."];

/**
 * Stock clients send the zero value of most fields of an object: an Application without a chart comes with an empty one. Go leaves
 * them out of JSON (`omitempty`), and so do we, lest they stay in what is stored. Fields of requests are kept as they are sent.
 */
export function isZeroOfGo(field: DescField, value: JsonValue): boolean {
  const { typeName } = field.parent;
  if (!objectPackages.some((prefix) => typeName.startsWith(prefix))) return false;
  const name = `${typeName}.${field.name}`;
  if (value === "") return !emptyIsSaid.has(name);
  if (value === false || value === 0) return field.fieldKind === "scalar" && !toldApart.has(name);
  return isJsonObject(value) && Object.keys(value).length === 0 && emptyIsNothing.has(name);
}
