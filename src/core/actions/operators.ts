import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationsOf, viewArray, viewString } from "#core/object/index.ts";
import type { ActionInput, ActionTable, BuiltInAction } from "./action.ts";
import { annotated, change, replicasOf, specIs, stamp, toggle, toggleSpec } from "./change.ts";

const isAnnotated = (annotation: string, value: string) => (object: KubeObject) =>
  annotationsOf(object)[annotation] === value;

/** External Secrets never looks again at what has an interval of nothing. */
function isNeverRefreshed(object: KubeObject): boolean {
  return /^0(?:ns|us|µs|ms|s|m|h)?$/u.test(viewString(object, "spec", "refreshInterval") ?? "");
}

const refreshesOnChange = (object: KubeObject) => viewString(object, "spec", "refreshPolicy") === "OnChange";

const paused = "autoscaling.keda.sh/paused";
const pausedReplicas = "autoscaling.keda.sh/paused-replicas";
const isScalingPaused = isAnnotated(paused, "true");
const isHeldAtReplicas = (object: KubeObject) => annotationsOf(object)[pausedReplicas] !== undefined;

const scaledObject: readonly BuiltInAction[] = [
  ...toggle({
    names: ["pause", "resume"],
    isOn: (object) => isScalingPaused(object) || isHeldAtReplicas(object),
    on: annotated(paused, "true"),
    off: { metadata: { annotations: { [paused]: null, [pausedReplicas]: null } } },
  }),
  change(
    "paused-replicas",
    (_, { parameters }) => annotated(pausedReplicas, String(replicasOf(parameters))),
    {
      isDisabled: isScalingPaused,
      params: (object) => [{ name: "replicas", default: annotationsOf(object)[pausedReplicas] ?? "0" }],
    },
  ),
];

function healthyInstances(cluster: KubeObject): readonly string[] {
  return viewArray(cluster, "status", "instancesStatus", "healthy").filter((one) => typeof one === "string");
}

/** The instance that shall be the primary: the next one that is healthy, or one by its name or number. */
function promoted(cluster: KubeObject, { instance = "any" }: ActionInput["parameters"]): string {
  const healthy = healthyInstances(cluster);
  const { name = "" } = cluster.metadata;
  const at = healthy.indexOf(viewString(cluster, "status", "currentPrimary") ?? "");
  const wanted =
    instance === "any"
      ? healthy[(at + 1) % healthy.length]
      : healthy.find((one) => one === instance || one === `${name}-${instance}`);
  if (wanted !== undefined) return wanted;
  throw new MooringError(
    "CLI_USAGE",
    `parameter instance is ${JSON.stringify(instance)}, which is no healthy instance of Cluster/${name}; ${healthy.length === 0 ? "it has none" : `choose one of ${healthy.join(", ")}, or any`}`,
  );
}

function switchedOver(cluster: KubeObject, { parameters, now }: ActionInput): JsonObject {
  const target = promoted(cluster, parameters);
  return {
    status: {
      targetPrimary: target,
      targetPrimaryTimestamp: now,
      phase: "Switchover in progress",
      phaseReason: `Switching over to ${target}`,
    },
  };
}

const reconciliation = "cnpg.io/reconciliationLoop";
const hibernation = "cnpg.io/hibernation";

const postgres: readonly BuiltInAction[] = [
  stamp("restart", "kubectl.kubernetes.io/restartedAt"),
  stamp("reload", "cnpg.io/reloadedAt"),
  change("promote", switchedOver, {
    isDisabled: (cluster) => healthyInstances(cluster).length < 2,
    params: () => [{ name: "instance", default: "any" }],
  }),
  ...toggle({
    names: ["suspend", "resume"],
    isOn: isAnnotated(reconciliation, "disabled"),
    on: annotated(reconciliation, "disabled"),
    off: annotated(reconciliation, null),
  }),
  ...toggle({
    names: ["hibernate", "rehydrate"],
    isOn: isAnnotated(hibernation, "on"),
    on: annotated(hibernation, "on"),
    off: annotated(hibernation, "off"),
  }),
];

const cordon = toggleSpec("cordoned", ["cordon", "uncordon"]);
const capsuleResource = [
  ...cordon,
  stamp("reconcile", "reconcile.projectcapsule.dev/requestedAt", specIs("cordoned")),
];
const rolling = "strimzi.io/manual-rolling-update";

export const operatorActions: ActionTable = {
  "capsule.clastix.io/GlobalTenantResource": capsuleResource,
  "capsule.clastix.io/Tenant": cordon,
  "capsule.clastix.io/TenantResource": capsuleResource,
  "core.strimzi.io/StrimziPodSet": [
    change("rolling-update", annotated(rolling, "true"), { isDisabled: isAnnotated(rolling, "true") }),
  ],
  "external-secrets.io/ExternalSecret": [
    stamp("refresh", "force-sync", (object) => isNeverRefreshed(object) && !refreshesOnChange(object)),
  ],
  "external-secrets.io/PushSecret": [stamp("push", "force-sync", isNeverRefreshed)],
  "k8s.mariadb.com/MariaDB": toggleSpec("suspend", ["suspend", "resume"]),
  "keda.sh/ScaledJob": toggle({
    names: ["pause", "resume"],
    isOn: isScalingPaused,
    on: annotated(paused, "true"),
    off: annotated(paused, null),
  }),
  "keda.sh/ScaledObject": scaledObject,
  "postgresql.cnpg.io/Cluster": postgres,
  "psmdb.percona.com/PerconaServerMongoDB": toggleSpec("pause", ["pause", "unpause"]),
};
