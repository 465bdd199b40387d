import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergePatchOf } from "#core/object/index.ts";
import { builtInActions } from "./index.ts";

const now = "2026-11-30T14:05:09Z";

function objectOf(type: string, fields: JsonObject = {}): KubeObject {
  const kind = type.slice(type.lastIndexOf("/") + 1);
  const apiVersion = type.slice(0, type.lastIndexOf("/"));
  const { metadata = {}, ...rest } = fields;
  const named = { name: "web", namespace: "shop", uid: "u1", ...(metadata as JsonObject) };
  return { apiVersion, kind, ...rest, metadata: named } as unknown as KubeObject;
}

/** Names in the order of the table, those that make no sense now in brackets. */
function namesOf(type: string, fields: JsonObject = {}): string {
  const object = objectOf(type, fields);
  return builtInActions(object)
    .map(({ name, isDisabled }) => (isDisabled?.(object) === true ? `(${name})` : name))
    .join(" ");
}

function run(object: KubeObject, name: string, parameters: Readonly<Record<string, string>> = {}) {
  const action = builtInActions(object).find((one) => one.name === name);
  if (action === undefined) throw new Error(`no action ${name}`);
  return action.run(object, { parameters, now });
}

/** What an action changes, as a merge patch. */
function patchOf(
  object: KubeObject,
  name: string,
  parameters: Readonly<Record<string, string>> = {},
): JsonObject | undefined {
  const effect = run(object, name, parameters);
  expect(effect.operation).toBe("patch");
  return mergePatchOf(object as unknown as JsonObject, effect.object as unknown as JsonObject);
}

const labels = (entries: JsonObject): JsonObject => ({ metadata: { labels: entries } });
const annotations = (entries: JsonObject): JsonObject => ({ metadata: { annotations: entries } });
const midway = { currentPodHash: "b", stableRS: "a" };
const upgrade = "numaplane.numaproj.io/upgrade-state";
const strategies = "numaflow.numaproj.io/allowed-resume-strategies";
const stopped = { lifecycle: { desiredPhase: "Paused" } };

describe("the actions that make sense now", () => {
  it.each<[type: string, fields: JsonObject, names: string]>([
    ["apps/v1/DaemonSet", {}, "restart"],
    ["apps/v1/Deployment", { spec: {} }, "restart pause (resume) scale"],
    ["apps/v1/Deployment", { spec: { paused: true } }, "restart (pause) resume scale"],
    ["apps/v1/StatefulSet", { spec: {} }, "restart scale"],
    ["batch/v1/CronJob", { spec: { suspend: true } }, "create-job (suspend) resume"],
    ["batch/v1/Job", { spec: {}, status: { active: 1 } }, "suspend (resume) terminate"],
    ["batch/v1/Job", { spec: {} }, "suspend (resume) (terminate)"],
    [
      "batch/v1/Job",
      { spec: {}, status: { conditions: [{ type: "Complete", status: "True" }] } },
      "(suspend) (resume) (terminate)",
    ],
    ["v1/ConfigMap", {}, ""],
    ["argoproj.io/v1alpha1/AnalysisRun", { spec: {}, status: { phase: "Running" } }, "terminate"],
    ["argoproj.io/v1alpha1/AnalysisRun", { spec: {}, status: { phase: "Error" } }, "(terminate)"],
    [
      "argoproj.io/v1alpha1/Rollout",
      { spec: {} },
      "(abort) (pause) (promote-full) restart (resume) (retry) (skip-current-step)",
    ],
    [
      "argoproj.io/v1alpha1/Rollout",
      { spec: { strategy: { canary: { steps: [{}, {}] } } }, status: { ...midway, currentStepIndex: 1 } },
      "abort pause promote-full restart (resume) (retry) skip-current-step",
    ],
    [
      "argoproj.io/v1alpha1/Rollout",
      {
        spec: { strategy: { canary: { steps: [{}] } } },
        status: { ...midway, abort: true, currentStepIndex: 1, pauseConditions: [{}] },
      },
      "(abort) (pause) promote-full restart resume retry (skip-current-step)",
    ],
    ["promoter.argoproj.io/v1alpha1/PullRequest", { spec: { state: "open" } }, "merge"],
    ["promoter.argoproj.io/v1alpha1/PullRequest", { spec: { state: "merged" } }, "(merge)"],
    ["helm.toolkit.fluxcd.io/v2/HelmRelease", { spec: {} }, "reconcile suspend (resume)"],
    ["source.toolkit.fluxcd.io/v1/Bucket", { spec: { suspend: true } }, "(reconcile) (suspend) resume"],
    ["notification.toolkit.fluxcd.io/v1beta3/Alert", { spec: {} }, "suspend (resume)"],
    ["external-secrets.io/v1/ExternalSecret", { spec: { refreshInterval: "1h" } }, "refresh"],
    ["external-secrets.io/v1/ExternalSecret", { spec: { refreshInterval: "0s" } }, "(refresh)"],
    [
      "external-secrets.io/v1/ExternalSecret",
      { spec: { refreshInterval: "0", refreshPolicy: "OnChange" } },
      "refresh",
    ],
    ["external-secrets.io/v1alpha1/PushSecret", { spec: { refreshInterval: "0" } }, "(push)"],
    ["capsule.clastix.io/v1beta2/Tenant", { spec: { cordoned: true } }, "(cordon) uncordon"],
    ["capsule.clastix.io/v1beta2/TenantResource", { spec: {} }, "cordon (uncordon) reconcile"],
    ["core.strimzi.io/v1beta2/StrimziPodSet", {}, "rolling-update"],
    ["k8s.mariadb.com/v1alpha1/MariaDB", { spec: {} }, "suspend (resume)"],
    ["psmdb.percona.com/v1/PerconaServerMongoDB", { spec: { pause: true } }, "(pause) unpause"],
    ["keda.sh/v1alpha1/ScaledJob", {}, "pause (resume)"],
    [
      "keda.sh/v1alpha1/ScaledObject",
      annotations({ "autoscaling.keda.sh/paused-replicas": "2" }),
      "(pause) resume paused-replicas",
    ],
    [
      "postgresql.cnpg.io/v1/Cluster",
      { ...annotations({ "cnpg.io/hibernation": "on" }), status: { instancesStatus: { healthy: ["a"] } } },
      "restart reload (promote) suspend (resume) (hibernate) rehydrate",
    ],
    ["numaflow.numaproj.io/v1alpha1/InterStepBufferService", labels({ [upgrade]: "trial" }), "force-promote"],
    [
      "numaflow.numaproj.io/v1alpha1/Pipeline",
      { spec: stopped, ...annotations({ [strategies]: "slow, fast" }) },
      "(pause) unpause-gradual unpause-fast (force-promote) (delete)",
    ],
    [
      "numaflow.numaproj.io/v1alpha1/Pipeline",
      {
        spec: {},
        metadata: { ownerReferences: [{ kind: "PipelineRollout" }], labels: { [upgrade]: "recyclable" } },
      },
      "(pause) (unpause-gradual) (unpause-fast) (force-promote) delete",
    ],
    [
      "numaflow.numaproj.io/v1alpha1/MonoVertex",
      { spec: stopped, ...annotations({ [strategies]: "fast" }) },
      "(pause) (unpause-gradual) unpause-fast (force-promote)",
    ],
    [
      "numaplane.numaproj.io/v1alpha1/MonoVertexRollout",
      { spec: { monoVertex: { spec: stopped } } },
      "(pause) unpause-gradual (unpause-fast)",
    ],
    [
      "numaplane.numaproj.io/v1alpha1/PipelineRollout",
      { spec: {}, status: { upgradeInProgress: "PipelinePauseAndDrain" } },
      "pause (unpause-gradual) (unpause-fast) allow-data-loss (disallow-data-loss)",
    ],
  ])("%s %j: %s", (type, fields, names) => {
    expect(namesOf(type, fields)).toBe(names);
  });
});

describe("what an action changes", () => {
  it.each<[type: string, action: string, fields: JsonObject, patch: JsonObject]>([
    [
      "apps/v1/Deployment",
      "restart",
      { spec: { template: { spec: { a: 1 } } } },
      { spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": now } } } } },
    ],
    ["batch/v1/Job", "suspend", { spec: {} }, { spec: { suspend: true } }],
    ["argoproj.io/v1alpha1/Rollout", "abort", { status: {} }, { status: { abort: true } }],
    ["argoproj.io/v1alpha1/Rollout", "pause", { spec: {} }, { spec: { paused: true } }],
    ["argoproj.io/v1alpha1/Rollout", "promote-full", { status: {} }, { status: { promoteFull: true } }],
    ["argoproj.io/v1alpha1/Rollout", "restart", { spec: {} }, { spec: { restartAt: now } }],
    ["argoproj.io/v1alpha1/Rollout", "retry", { status: { abort: true } }, { status: { abort: null } }],
    [
      "argoproj.io/v1alpha1/Rollout",
      "resume",
      { spec: { paused: true }, status: { pauseConditions: [{ reason: "CanaryPauseStep" }] } },
      { spec: { paused: false }, status: { pauseConditions: null } },
    ],
    [
      "argoproj.io/v1alpha1/Rollout",
      "skip-current-step",
      { status: { currentStepIndex: 1, pauseConditions: [{}] } },
      { status: { currentStepIndex: 2, pauseConditions: null } },
    ],
    ["argoproj.io/v1alpha1/AnalysisRun", "terminate", { spec: {} }, { spec: { terminate: true } }],
    [
      "argoproj.io/v1alpha1/Application",
      "toggle-auto-sync",
      { spec: { syncPolicy: { automated: { prune: true } } } },
      { spec: { syncPolicy: { automated: { enabled: false } } } },
    ],
    [
      "argoproj.io/v1alpha1/Application",
      "toggle-auto-sync",
      { spec: {} },
      { spec: { syncPolicy: { automated: { enabled: true } } } },
    ],
    [
      "kustomize.toolkit.fluxcd.io/v1/Kustomization",
      "reconcile",
      {},
      annotations({ "reconcile.fluxcd.io/requestedAt": now }),
    ],
    ["external-secrets.io/v1/ExternalSecret", "refresh", {}, annotations({ "force-sync": now })],
    [
      "keda.sh/v1alpha1/ScaledObject",
      "resume",
      annotations({ "autoscaling.keda.sh/paused": "true", keep: "a" }),
      annotations({ "autoscaling.keda.sh/paused": null }),
    ],
    [
      "postgresql.cnpg.io/v1/Cluster",
      "resume",
      annotations({ "cnpg.io/reconciliationLoop": "disabled" }),
      { metadata: { annotations: { "cnpg.io/reconciliationLoop": null } } },
    ],
    [
      "numaflow.numaproj.io/v1alpha1/MonoVertex",
      "unpause-gradual",
      { spec: { ...stopped, replicas: 0 } },
      { spec: { lifecycle: { desiredPhase: "Running" }, replicas: null } },
    ],
    [
      "numaplane.numaproj.io/v1alpha1/PipelineRollout",
      "unpause-fast",
      { spec: { pipeline: { spec: stopped } } },
      {
        spec: {
          pipeline: { spec: { lifecycle: { desiredPhase: "Running" } } },
          strategy: { pauseResume: { fastResume: true } },
        },
      },
    ],
  ])("%s: %s", (...[type, action, fields, patch]) => {
    expect(patchOf(objectOf(type, fields), action)).toEqual(patch);
  });

  it("ends a Job by the condition that its controller waits for, beside those that it has", () => {
    const before = { type: "SomethingElse", status: "False" };
    expect(patchOf(objectOf("batch/v1/Job", { status: { conditions: [before] } }), "terminate")).toEqual({
      status: {
        conditions: [
          before,
          expect.objectContaining({ type: "FailureTarget", status: "True", lastTransitionTime: now }),
        ],
      },
    });
  });

  it("is a number of pods, and nothing else", () => {
    const type = "apps/v1/StatefulSet";
    expect(patchOf(objectOf(type, { spec: { replicas: 2 } }), "scale", { replicas: "5" })).toEqual({
      spec: { replicas: 5 },
    });
    const scale = (given: Readonly<Record<string, string>>) => run(objectOf(type), "scale", given);
    expect(() => scale({ replicas: "-1" })).toThrow(
      'parameter replicas is "-1"; give the number of pods, such as replicas=3',
    );
    expect(() => scale({})).toThrow("parameter replicas is missing");
  });

  it("makes the next healthy instance of a database the primary, or the one that is named", () => {
    const type = "postgresql.cnpg.io/v1/Cluster";
    const status = { currentPrimary: "web-3", instancesStatus: { healthy: ["web-1", "web-2", "web-3"] } };
    const target = (instance: string) =>
      patchOf(objectOf(type, { status }), "promote", { instance })?.["status"] as JsonObject;
    expect(target("any")).toMatchObject({ targetPrimary: "web-1", targetPrimaryTimestamp: now });
    expect(target("2")).toMatchObject({ targetPrimary: "web-2", phase: "Switchover in progress" });
    expect(() => target("7")).toThrow(
      'parameter instance is "7", which is no healthy instance of Cluster/web; choose one of web-1, web-2, web-3, or any',
    );
  });
});

describe("what an action creates", () => {
  const owned = (apiVersion: string, kind: string) => [{ apiVersion, kind, name: "web", uid: "u1" }];

  it("is a Job of a CronJob's template, which the CronJob owns", () => {
    const jobTemplate = { metadata: { labels: { a: "b" } }, spec: { template: {} } };
    expect(run(objectOf("batch/v1/CronJob", { spec: { jobTemplate } }), "create-job")).toEqual({
      operation: "create",
      object: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          labels: { a: "b" },
          name: "web-202611301405",
          namespace: "shop",
          ownerReferences: owned("batch/v1", "CronJob"),
        },
        spec: { template: {} },
      },
    });
  });

  it("is a Workflow of a CronWorkflow or a WorkflowTemplate", () => {
    const spec = { workflowSpec: { entrypoint: "main" }, workflowMetadata: { labels: { a: "b" } } };
    expect(run(objectOf("argoproj.io/v1alpha1/CronWorkflow", { spec }), "create-workflow").object).toEqual({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: {
        labels: { a: "b", "workflows.argoproj.io/cron-workflow": "web" },
        annotations: { "workflows.argoproj.io/scheduled-time": now },
        name: "web-202611301405",
        namespace: "shop",
        ownerReferences: owned("argoproj.io/v1alpha1", "CronWorkflow"),
      },
      spec: { entrypoint: "main" },
    });
    const made = run(objectOf("argoproj.io/v1alpha1/WorkflowTemplate"), "create-workflow").object;
    expect([made.metadata.labels, made["spec"]]).toEqual([
      { "workflows.argoproj.io/workflow-template": "web" },
      { workflowTemplateRef: { name: "web" } },
    ]);
  });
});
