import { fields, keyed, mostly, one, type Shape } from "../shapes.ts";
import { podTemplate } from "../pod-template.ts";
import type { RandomKind } from "./random-kind.ts";

const running = podTemplate({ optional: { restartPolicy: mostly(one("Always"), "Never", "Other") } });
const ending = podTemplate({ required: { restartPolicy: mostly(one("Never", "OnFailure"), "Always") } });

const selector = mostly(
  one({ matchLabels: { app: "a" } }),
  { matchLabels: { app: "b" } },
  { matchExpressions: [{ key: "app", operator: "In", values: ["a"] }] },
  {},
  { matchExpressions: [{ key: "app", operator: "Near" }] },
);
const replicas = mostly(one(0, 1, 2, 3), -1, "2", 1.5, null);

const conditions = (types: readonly string[]): Shape =>
  keyed(
    "type",
    types,
    fields(
      {
        lastTransitionTime: one("2001-01-01T00:00:00Z"),
        lastUpdateTime: one("2001-01-01T00:00:00Z"),
        message: one("m"),
      },
      { status: one("True", "False"), reason: one("Because", "Other") },
    ),
  );

const count = mostly(one(0, 1, 2), -1);

const container = { name: "main", image: "nginx:1" };
const minimal = {
  spec: {
    selector: { matchLabels: { app: "a" } },
    template: { metadata: { labels: { app: "a" } }, spec: { containers: [container] } },
  },
};
const endingPod = { spec: { containers: [container], restartPolicy: "Never" } };

const apps = (plural: string) => `/apis/apps/v1/namespaces/$ns/${plural}`;
const head = (kind: string) => ({ apiVersion: "apps/v1", kind });

export const deployments: RandomKind = {
  path: apps("deployments"),
  head: head("Deployment"),
  content: fields(
    {},
    {
      spec: fields(
        {
          minReadySeconds: mostly(one(0, 5), -1),
          paused: one(true, false),
          progressDeadlineSeconds: mostly(one(600, 60), 0, -1),
          replicas,
          revisionHistoryLimit: mostly(one(10, 0), -1),
          strategy: one(
            { type: "Recreate" },
            { type: "RollingUpdate" },
            { rollingUpdate: { maxSurge: 1 } },
            { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
            { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
            { type: "Recreate", rollingUpdate: { maxSurge: 1 } },
            { type: "Other" },
            {},
          ),
        },
        { selector, template: running },
      ),
    },
  ),
  status: fields({
    availableReplicas: count,
    collisionCount: one(1, 0),
    conditions: conditions(["Available", "Progressing"]),
    observedGeneration: mostly(one(1, 2), -1),
    readyReplicas: count,
    replicas: count,
    unavailableReplicas: count,
    updatedReplicas: count,
  }),
  hasScale: true,
  minimal: minimal,
  weight: 20,
};

export const replicaSets: RandomKind = {
  path: apps("replicasets"),
  head: head("ReplicaSet"),
  content: fields(
    {},
    { spec: fields({ minReadySeconds: one(0, 5), replicas }, { selector, template: running }) },
  ),
  status: fields({
    availableReplicas: count,
    conditions: conditions(["ReplicaFailure"]),
    fullyLabeledReplicas: count,
    observedGeneration: one(1),
    readyReplicas: count,
    replicas: count,
  }),
  hasScale: true,
  minimal: minimal,
  weight: 3,
};

export const statefulSets: RandomKind = {
  path: apps("statefulsets"),
  head: head("StatefulSet"),
  content: fields(
    {},
    {
      spec: fields(
        {
          minReadySeconds: one(0, 5),
          ordinals: one({ start: 1 }, { start: -1 }, {}),
          persistentVolumeClaimRetentionPolicy: one({ whenDeleted: "Delete" }, { whenScaled: "Other" }, {}),
          podManagementPolicy: mostly(one("Parallel", "OrderedReady"), "Other"),
          replicas,
          revisionHistoryLimit: one(5),
          serviceName: one("svc", "other", ""),
          updateStrategy: one(
            { type: "OnDelete" },
            { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
            { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "50%", partition: -1 } },
            { type: "OnDelete", rollingUpdate: { partition: 1 } },
            {},
          ),
          volumeClaimTemplates: one(
            [
              {
                metadata: { name: "v" },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
              },
            ],
            [{ metadata: { name: "v" }, spec: {} }],
            [],
          ),
        },
        { selector, template: running },
      ),
    },
  ),
  status: fields({
    availableReplicas: count,
    collisionCount: one(0),
    conditions: conditions(["Ready"]),
    currentReplicas: count,
    currentRevision: one("a"),
    observedGeneration: one(1),
    readyReplicas: count,
    replicas: count,
    updateRevision: one("b"),
    updatedReplicas: count,
  }),
  hasScale: true,
  minimal: minimal,
  weight: 5,
};

export const daemonSets: RandomKind = {
  path: apps("daemonsets"),
  head: head("DaemonSet"),
  content: fields(
    {},
    {
      spec: fields(
        {
          minReadySeconds: one(0, 5, -1),
          revisionHistoryLimit: one(5, -1),
          updateStrategy: one(
            { type: "OnDelete" },
            { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%" } },
            { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
            { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
            { type: "Other" },
          ),
        },
        { selector, template: running },
      ),
    },
  ),
  status: fields(
    {
      numberAvailable: count,
      numberUnavailable: count,
      observedGeneration: one(1),
      updatedNumberScheduled: count,
    },
    {
      currentNumberScheduled: count,
      desiredNumberScheduled: count,
      numberMisscheduled: count,
      numberReady: count,
    },
  ),
  minimal: minimal,
  weight: 4,
};

export const jobs: RandomKind = {
  path: "/apis/batch/v1/namespaces/$ns/jobs",
  head: { apiVersion: "batch/v1", kind: "Job" },
  content: fields(
    {},
    {
      spec: fields(
        {
          activeDeadlineSeconds: one(60, -1),
          backoffLimit: mostly(one(0, 3), -1),
          completionMode: mostly(one("NonIndexed", "Indexed"), "Other"),
          completions: mostly(one(1, 2), -1),
          parallelism: mostly(one(0, 1, 2), -1),
          podReplacementPolicy: one("Failed", "TerminatingOrFailed", "Other"),
          suspend: one(true, false),
          ttlSecondsAfterFinished: one(0, 60, -1),
        },
        { template: ending },
      ),
    },
  ),
  minimal: { spec: { template: endingPod } },
  weight: 4,
};

export const cronJobs: RandomKind = {
  path: "/apis/batch/v1/namespaces/$ns/cronjobs",
  head: { apiVersion: "batch/v1", kind: "CronJob" },
  content: fields(
    {},
    {
      spec: fields(
        {
          concurrencyPolicy: mostly(one("Allow", "Forbid", "Replace"), "Other"),
          failedJobsHistoryLimit: mostly(one(0, 1), -1),
          startingDeadlineSeconds: mostly(one(10), -1),
          successfulJobsHistoryLimit: mostly(one(0, 3), -1),
          suspend: one(true, false),
          timeZone: mostly(one("Europe/Berlin", "Etc/UTC"), "Nowhere/Land", ""),
        },
        {
          jobTemplate: fields({}, { spec: fields({ backoffLimit: one(1) }, { template: ending }) }),
          schedule: mostly(one("*/5 * * * *", "@daily", "0 0 1 1 *"), "sometimes", "TZ=UTC 0 0 * * *", ""),
        },
      ),
    },
  ),
  status: fields({
    lastScheduleTime: one("2001-01-01T00:00:00Z"),
    lastSuccessfulTime: one("2001-01-01T00:00:00Z"),
  }),
  minimal: { spec: { schedule: "@daily", jobTemplate: { spec: { template: endingPod } } } },
  weight: 4,
};
