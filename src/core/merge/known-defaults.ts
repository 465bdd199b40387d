import type { FieldSchema } from "./schema.ts";
import { isZero } from "./shape.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";

type Default = JsonValue | ((parent: JsonObject) => JsonValue | undefined);

const CORE = "io.k8s.api.core.v1.";
const RBAC = "io.k8s.api.rbac.v1.";
const ADMISSION = "io.k8s.api.admissionregistration.v1.";
const POD_VOLUME_MODE = { defaultMode: 420 };
const WEBHOOK = {
  failurePolicy: "Fail",
  matchPolicy: "Equivalent",
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
};
const CPU_METRIC = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};

/**
 * Defaults that the API server fills in by code and its OpenAPI documents do not mention, where they matter: inside
 * atomic lists and maps, which are compared as a whole, and in items that are new. A default that depends on its siblings
 * is a function of them. Source: the Kubernetes API reference of each kind.
 */
const KNOWN: Readonly<Record<string, Readonly<Record<string, Default>>>> = {
  [`${CORE}ObjectFieldSelector`]: { apiVersion: "v1" },
  [`${CORE}ResourceFieldSelector`]: { divisor: "0" },
  [`${CORE}Probe`]: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  [`${CORE}HTTPGetAction`]: { scheme: "HTTP", path: "/" },
  [`${CORE}Container`]: {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    resources: {},
    imagePullPolicy: (container) => pullPolicyOf(container["image"]),
  },
  [`${CORE}PodSpec`]: {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    securityContext: {},
  },
  // A volume without a source is an empty directory.
  [`${CORE}Volume`]: { emptyDir: (volume) => (isNamedOnly(volume) ? {} : undefined) },
  [`${CORE}SecretVolumeSource`]: POD_VOLUME_MODE,
  [`${CORE}ConfigMapVolumeSource`]: POD_VOLUME_MODE,
  [`${CORE}DownwardAPIVolumeSource`]: POD_VOLUME_MODE,
  [`${CORE}ProjectedVolumeSource`]: POD_VOLUME_MODE,
  [`${CORE}ServiceAccountTokenProjection`]: { expirationSeconds: 3600 },
  [`${CORE}HostPathVolumeSource`]: { type: "" },
  [`${CORE}PersistentVolumeClaim`]: {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    status: (claim) => (claim["spec"] === undefined ? undefined : { phase: "Pending" }),
  },
  [`${CORE}PersistentVolumeClaimSpec`]: { volumeMode: "Filesystem" },
  [`${CORE}PersistentVolumeSpec`]: { volumeMode: "Filesystem" },
  [`${CORE}EndpointPort`]: { protocol: "TCP" },
  "io.k8s.api.discovery.v1.Endpoint": { conditions: {} },
  "io.k8s.api.discovery.v1.EndpointPort": { name: "", protocol: "TCP" },
  [`${CORE}LimitRangeItem`]: {
    default: (item) => (item["type"] === "Container" ? item["max"] : undefined),
    defaultRequest: (item) =>
      item["type"] === "Container"
        ? { ...viewObject(item, "min"), ...viewObject(item, "default") }
        : undefined,
  },
  [`${CORE}ServicePort`]: { targetPort: (port) => port["port"] },
  [`${CORE}ServiceSpec`]: { type: "ClusterIP", sessionAffinity: "None", internalTrafficPolicy: "Cluster" },
  [`${RBAC}RoleRef`]: { apiGroup: "rbac.authorization.k8s.io" },
  [`${RBAC}Subject`]: {
    apiGroup: (subject) => (subject["kind"] === "ServiceAccount" ? undefined : "rbac.authorization.k8s.io"),
  },
  [`${ADMISSION}RuleWithOperations`]: { scope: "*" },
  [`${ADMISSION}NamedRuleWithOperations`]: { scope: "*" },
  [`${ADMISSION}MatchResources`]: { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} },
  [`${ADMISSION}ValidatingAdmissionPolicySpec`]: { failurePolicy: "Fail" },
  [`${ADMISSION}ServiceReference`]: { port: 443 },
  [`${ADMISSION}ValidatingWebhook`]: WEBHOOK,
  [`${ADMISSION}MutatingWebhook`]: { ...WEBHOOK, reinvocationPolicy: "Never" },
  "io.k8s.api.apps.v1.DeploymentSpec": {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  },
  "io.k8s.api.apps.v1.StatefulSetSpec": {
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: "OrderedReady",
  },
  "io.k8s.api.apps.v1.DaemonSetSpec": { revisionHistoryLimit: 10 },
  "io.k8s.api.batch.v1.CronJobSpec": {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  },
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec": { minReplicas: 1, metrics: [CPU_METRIC] },
  "io.k8s.api.networking.v1.NetworkPolicySpec": {
    policyTypes: (policy) => (viewArray(policy, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"]),
  },
  "io.k8s.api.networking.v1.NetworkPolicyPort": { protocol: "TCP" },
  "io.k8s.api.storage.v1.StorageClass": { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
};

/**
 * What the API server fills in for a field that its object leaves out; undefined when that is nothing, or not known. In the
 * schemas of built-in kinds a zero default only says that the field is no pointer; nothing is filled in.
 */
export function defaultOf(schema: FieldSchema, field: string, parent: JsonObject): JsonValue | undefined {
  const table = schema.name === undefined ? undefined : KNOWN[schema.name];
  const known = table !== undefined && Object.hasOwn(table, field) ? table[field] : undefined;
  if (known === undefined) return schema.declares(field) ? schemaDefault(schema.field(field)) : undefined;
  return typeof known === "function" ? known(parent) : known;
}

function schemaDefault(field: FieldSchema | undefined): JsonValue | undefined {
  const value = field?.default;
  return field?.omitsEmpty === true && value !== undefined && isZero(value) ? undefined : value;
}

/** Names of the fields that may have a default, in the schema or known otherwise. */
export function defaultedFields(schema: FieldSchema): readonly string[] {
  const known = schema.name === undefined ? undefined : KNOWN[schema.name];
  return known === undefined
    ? schema.fieldNames
    : [...new Set([...schema.fieldNames, ...Object.keys(known)])];
}

function isNamedOnly(volume: JsonObject): boolean {
  return Object.keys(volume).every(
    (field) => field === "name" || field === "emptyDir" || volume[field] === undefined,
  );
}

function pullPolicyOf(image: JsonValue | undefined): JsonValue | undefined {
  if (typeof image !== "string" || image.includes("@")) return undefined;
  const name = image.slice(image.lastIndexOf("/") + 1);
  const tag = name.includes(":") ? name.slice(name.indexOf(":") + 1) : "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}
