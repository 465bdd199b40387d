import { viewObject } from "#core/object/index.ts";
import { validateDefinition } from "../../kinds/validate-definition.ts";
import type { ClusterAllocations } from "../complete/prepare/prepare.ts";
import type { FieldError, WriteCheck } from "../rules.ts";
import type { KindCheck } from "./checks.ts";
import { checkEndpointSlice } from "./endpoint-slices.ts";
import { checkConfigMap, checkSecret } from "./config.ts";
import { checkCronJob, checkJob } from "./jobs.ts";
import { validateCommon, validateMetadata } from "./metadata.ts";
import { isLabel, isPathSegment, isSubdomain, type NameCheck } from "./names.ts";
import { checkIngress, checkIngressClass, checkNetworkPolicy } from "./networking.ts";
import { checkAutoscaler, checkDisruptionBudget } from "./autoscaling.ts";
import { checkLimitRange, checkQuota } from "./limits.ts";
import { checkEvent, checkLease, checkPriorityClass } from "./others.ts";
import { checkWebhooks } from "./webhooks.ts";
import { checkNewPod, checkTemplate } from "./pods/pod-spec.ts";
import { checkPodUpdate } from "./pods/pod-update.ts";
import { checkClusterRole, checkClusterRoleBinding, checkRole, checkRoleBinding } from "./rbac.ts";
import { checkService, checkServiceAllocations } from "./services.ts";
import { checkClaim, checkStorageClass, checkVolume } from "./storage.ts";
import { validateCustom } from "./validate-custom.ts";
import { statusChecks } from "./statuses.ts";
import * as workloads from "./workloads.ts";

const rbac = "rbac.authorization.k8s.io";
const admission = "admissionregistration.k8s.io";

/** By `group/Kind`. Kinds that are not here are only checked for their metadata. */
const checks: Readonly<Record<string, KindCheck>> = {
  "/Pod": checkPod,
  "/PodTemplate": ({ next }) => checkTemplate({ path: "template", value: viewObject(next, "template") }),
  "/ReplicationController": workloads.checkReplicationController,
  "/Service": checkService,
  "/ConfigMap": checkConfigMap,
  "/Secret": checkSecret,
  "/PersistentVolumeClaim": checkClaim,
  "/PersistentVolume": checkVolume,
  "/LimitRange": checkLimitRange,
  "/ResourceQuota": checkQuota,
  "/Event": checkEvent,
  "apps/Deployment": workloads.checkDeployment,
  "apps/ReplicaSet": workloads.checkReplicaSet,
  "apps/DaemonSet": workloads.checkDaemonSet,
  "apps/StatefulSet": workloads.checkStatefulSet,
  "batch/Job": checkJob,
  "batch/CronJob": checkCronJob,
  "autoscaling/HorizontalPodAutoscaler": checkAutoscaler,
  "policy/PodDisruptionBudget": checkDisruptionBudget,
  "discovery.k8s.io/EndpointSlice": checkEndpointSlice,
  "networking.k8s.io/Ingress": checkIngress,
  "networking.k8s.io/IngressClass": checkIngressClass,
  "networking.k8s.io/NetworkPolicy": checkNetworkPolicy,
  "storage.k8s.io/StorageClass": checkStorageClass,
  "scheduling.k8s.io/PriorityClass": checkPriorityClass,
  "coordination.k8s.io/Lease": checkLease,
  [`${rbac}/Role`]: checkRole,
  [`${rbac}/ClusterRole`]: checkClusterRole,
  [`${rbac}/RoleBinding`]: checkRoleBinding,
  [`${rbac}/ClusterRoleBinding`]: checkClusterRoleBinding,
  [`${admission}/ValidatingWebhookConfiguration`]: checkWebhooks,
  [`${admission}/MutatingWebhookConfiguration`]: checkWebhooks,
  "apiextensions.k8s.io/CustomResourceDefinition": ({ next, live }) => validateDefinition(next, live),
};

/** Kinds whose names are no subdomains. */
const names: Readonly<Record<string, NameCheck>> = {
  "/Namespace": isLabel,
  "/Service": isLabel,
  "apps/StatefulSet": isLabel,
  [`${rbac}/Role`]: isPathSegment,
  [`${rbac}/ClusterRole`]: isPathSegment,
  [`${rbac}/RoleBinding`]: isPathSegment,
  [`${rbac}/ClusterRoleBinding`]: isPathSegment,
};

/** What controllers and schedulers say is not held to the rules by which users change a spec. */
const unruled: readonly string[] = ["binding", "finalize", "ephemeralcontainers", "resize"];

/** What is wrong with an object that a write would leave; empty when it may be stored. */
export function validateObject(write: WriteCheck, cluster: ClusterAllocations): readonly FieldError[] {
  const key = `${write.kind.group}/${write.kind.kind}`;
  const alone = write.subresource === "status" && write.live !== undefined ? [] : checkAlone(write, cluster);
  if (alone.length > 0) return alone;
  const metadata = validateMetadata(write, names[key] ?? isSubdomain);
  if (write.kind.isCustom) {
    // The API server looks at the metadata of an update more than once.
    const again = write.live === undefined ? [] : [...validateCommon(write.next.metadata), ...metadata];
    return [...again, ...metadata, ...validateCustom(write, metadata)];
  }
  if (write.subresource === "status" && write.live !== undefined)
    return [...metadata, ...(statusChecks[key]?.(write, cluster) ?? [])];
  if (unruled.includes(write.subresource)) return metadata;
  return [...metadata, ...(checks[key]?.(write, cluster) ?? [])];
}

/** A Service gets its addresses before anything else of it is looked at. */
function checkAlone(write: WriteCheck, cluster: ClusterAllocations): readonly FieldError[] {
  return write.kind.resource === "/services" ? checkServiceAllocations(write, cluster) : [];
}

function checkPod({ next, live }: WriteCheck): readonly FieldError[] {
  const spec = { path: "spec", value: viewObject(next, "spec") };
  return live === undefined ? checkNewPod(spec) : checkPodUpdate(next, live);
}
