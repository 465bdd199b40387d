import type { KubeObject } from "#core/object/index.ts";
import { parseApiVersion } from "#core/object/index.ts";
import { hookFinalizer } from "#core/tracking/index.ts";
import { apiServiceHealth } from "./api-service.ts";
import { applicationHealth } from "./application.ts";
import type { HealthCheck } from "./check.ts";
import { cronJobHealth } from "./cron-job.ts";
import { customCheckOf, isBuiltInGroup, standardConditionsHealth } from "./custom/index.ts";
import { customResourceDefinitionHealth } from "./custom-resource-definition.ts";
import { daemonSetHealth } from "./daemon-set.ts";
import { deploymentHealth } from "./deployment.ts";
import { Fields } from "./fields.ts";
import type { Health } from "./health.ts";
import { health } from "./health.ts";
import { horizontalPodAutoscalerHealth } from "./horizontal-pod-autoscaler.ts";
import { ingressHealth } from "./ingress.ts";
import { jobHealth } from "./job.ts";
import { persistentVolumeClaimHealth } from "./persistent-volume-claim.ts";
import { podDisruptionBudgetHealth } from "./pod-disruption-budget.ts";
import { podHealth } from "./pod.ts";
import { replicaSetHealth } from "./replica-set.ts";
import { serviceHealth } from "./service.ts";
import { statefulSetHealth } from "./stateful-set.ts";
import { workflowHealth } from "./workflow.ts";

/** By `group/Kind`. */
const checks: ReadonlyMap<string, HealthCheck> = new Map([
  ["/PersistentVolumeClaim", persistentVolumeClaimHealth],
  ["/Pod", podHealth],
  ["/Service", serviceHealth],
  ["apiextensions.k8s.io/CustomResourceDefinition", customResourceDefinitionHealth],
  ["apiregistration.k8s.io/APIService", apiServiceHealth],
  ["apps/DaemonSet", daemonSetHealth],
  ["apps/Deployment", deploymentHealth],
  ["apps/ReplicaSet", replicaSetHealth],
  ["apps/StatefulSet", statefulSetHealth],
  ["argoproj.io/Workflow", workflowHealth],
  ["autoscaling/HorizontalPodAutoscaler", horizontalPodAutoscalerHealth],
  ["batch/CronJob", cronJobHealth],
  ["batch/Job", jobHealth],
  ["extensions/Ingress", ingressHealth],
  ["networking.k8s.io/Ingress", ingressHealth],
  ["policy/PodDisruptionBudget", podDisruptionBudgetHealth],
]);

interface AssessOptions {
  /**
   * Judge an Application by its own status.health, so that the waves of an app of apps wait for its children. On by default;
   * Argo CD leaves it out unless argocd-cm has a script for it.
   */
  readonly applicationHealth?: boolean;
}

/**
 * The health of a live object, or undefined when its kind has no check: such an object never changes the health of its
 * Application. Never throws: a malformed object of a kind that is known is Unknown, with a message that names the field.
 */
export function assessHealth(object: KubeObject, options: AssessOptions = {}): Health | undefined {
  if (isBeingDeleted(object)) return health("Progressing", "Pending deletion");
  const { group } = parseApiVersion(object.apiVersion);
  const fields = new Fields(object);
  const check = checkOf(group, object.kind, options);
  if (check !== undefined) {
    const found = check(fields);
    return fields.problem === undefined ? found : health("Unknown", fields.problem);
  }
  if (isBuiltInGroup(group)) return undefined;
  const found = standardConditionsHealth(fields);
  // The status of a kind that nobody knows may have any form: what cannot be read was not meant for this.
  return fields.problem === undefined ? found : undefined;
}

function checkOf(group: string, kind: string, options: AssessOptions): HealthCheck | undefined {
  const id = `${group}/${kind}`;
  if (id === "argoproj.io/Application")
    return options.applicationHealth === false ? undefined : applicationHealth;
  return checks.get(id) ?? customCheckOf(group, kind);
}

/** True for a kind whose objects may have a health: it has a check, or it is a custom kind that may report conditions later. */
export function mayHaveHealth({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return checkOf(group, kind, {}) !== undefined || !isBuiltInGroup(group);
}

/** A hook keeps its finalizer until its result was read, so its result still counts while it is being deleted. */
export function isBeingDeleted({ metadata }: KubeObject): boolean {
  if (!metadata.deletionTimestamp) return false;
  return !(Array.isArray(metadata.finalizers) && metadata.finalizers.includes(hookFinalizer));
}
