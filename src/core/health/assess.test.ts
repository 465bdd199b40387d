import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import type { Health, HealthStatus } from "./index.ts";
import { assessHealth, isApplicationItself } from "./index.ts";

const testdata = new URL("./testdata/", import.meta.url);

function fixture(name: string): KubeObject {
  return parse(readFileSync(new URL(`${name}.yaml`, testdata), "utf8")) as KubeObject;
}

type Case = [fixture: string, status: HealthStatus, message?: string];

const cases: Case[] = [
  ["deployment-healthy", "Healthy"],
  ["deployment-scaled-to-zero", "Healthy"],
  ["deployment-paused", "Suspended", "Deployment is paused"],
  [
    "deployment-not-observed",
    "Progressing",
    "Waiting for rollout to finish: observed deployment generation less than desired generation",
  ],
  [
    "deployment-just-created",
    "Progressing",
    "Waiting for rollout to finish: observed deployment generation less than desired generation",
  ],
  [
    "deployment-updating",
    "Progressing",
    "Waiting for rollout to finish: 1 out of 3 new replicas have been updated...",
  ],
  [
    "deployment-terminating-old",
    "Progressing",
    "Waiting for rollout to finish: 1 old replicas are pending termination...",
  ],
  [
    "deployment-unavailable",
    "Progressing",
    "Waiting for rollout to finish: 1 of 3 updated replicas are available...",
  ],
  ["deployment-stalled", "Degraded", 'Deployment "web" exceeded its progress deadline'],
  ["deployment-deleting", "Progressing", "Pending deletion"],
  ["deployment-malformed", "Unknown", "status.updatedReplicas is a string, not a number"],
  ["deployment-malformed-condition", "Unknown", "status.conditions[1].reason is a number, not a string"],

  ["stateful-set-healthy", "Healthy", "partitioned roll out complete: 3 new pods have been updated..."],
  ["stateful-set-not-observed", "Progressing", "Waiting for statefulset spec update to be observed..."],
  ["stateful-set-starting", "Progressing", "Waiting for 2 pods to be ready..."],
  ["stateful-set-partitioned", "Healthy", "partitioned roll out complete: 1 new pods have been updated..."],
  [
    "stateful-set-partition-updating",
    "Progressing",
    "Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...",
  ],
  ["stateful-set-on-delete", "Healthy", "statefulset has 3 ready pods"],
  [
    "stateful-set-updating",
    "Progressing",
    "waiting for statefulset rolling update to complete 1 pods at revision db-2...",
  ],
  ["stateful-set-updated", "Healthy", "statefulset rolling update complete 3 pods at revision db-2..."],

  ["daemon-set-healthy", "Healthy"],
  [
    "daemon-set-not-observed",
    "Progressing",
    "Waiting for rollout to finish: observed daemon set generation less than desired generation",
  ],
  [
    "daemon-set-updating",
    "Progressing",
    'Waiting for daemon set "agent" rollout to finish: 1 out of 2 new pods have been updated...',
  ],
  [
    "daemon-set-unavailable",
    "Progressing",
    'Waiting for daemon set "agent" rollout to finish: 1 of 2 updated pods are available...',
  ],
  ["daemon-set-on-delete", "Healthy", "daemon set 1 out of 2 new pods have been updated"],

  ["replica-set-healthy", "Healthy"],
  [
    "replica-set-starting",
    "Progressing",
    "Waiting for rollout to finish: 1 out of 2 new replicas are available...",
  ],
  [
    "replica-set-not-observed",
    "Progressing",
    "Waiting for rollout to finish: observed replica set generation less than desired generation",
  ],
  ["replica-set-failing", "Degraded", 'pods "web-6f7-" is forbidden, exceeded quota'],

  ["ingress-healthy", "Healthy"],
  ["ingress-waiting", "Progressing"],
  ["ingress-extensions", "Healthy"],
  ["service-cluster-ip", "Healthy"],
  ["service-load-balancer", "Healthy"],
  ["service-load-balancer-waiting", "Progressing"],
  ["persistent-volume-claim-bound", "Healthy"],
  ["persistent-volume-claim-pending", "Progressing"],
  ["persistent-volume-claim-lost", "Degraded"],
  ["persistent-volume-claim-no-status", "Unknown"],

  ["pod-ready", "Healthy"],
  ["pod-starting", "Progressing"],
  ["pod-restarted", "Degraded"],
  ["pod-pending", "Progressing", "waiting for a node"],
  ["pod-image-pull-back-off", "Degraded", 'Back-off pulling image "nginx", manifest unknown'],
  ["pod-hook-image-pull-back-off", "Progressing"],
  ["pod-hook-running", "Progressing"],
  ["pod-ignoring-restart-policy", "Healthy"],
  ["pod-succeeded", "Healthy"],
  ["pod-failed-message", "Degraded", "The node was low on memory"],
  ["pod-failed-exit-code", "Degraded", 'container "app" failed with exit code 3'],
  ["pod-failed-out-of-memory", "Degraded", "OOMKilled"],
  ["pod-failed-container-message", "Degraded", "migration 12 failed"],
  ["pod-unknown", "Unknown", "node is lost"],
  ["pod-hook-deleting", "Healthy"],

  ["job-running", "Progressing"],
  ["job-complete", "Healthy", "Reached expected number of succeeded pods"],
  ["job-failed", "Degraded", "Job has reached the specified backoff limit"],
  ["job-suspended", "Suspended", "Job suspended"],
  ["job-resumed", "Progressing", "Job resumed"],
  ["job-complete-after-resume", "Healthy", "Reached expected number of succeeded pods"],
  ["cron-job-new", "Progressing", "Waiting for CronJob"],
  ["cron-job-suspended", "Healthy", "CronJob is Suspended"],
  ["cron-job-unscheduled", "Healthy", "CronJob has not been scheduled yet"],
  ["cron-job-never-succeeded", "Healthy", "The CronJob never completed successfully. It may not be healthy"],
  ["cron-job-running", "Healthy", "The job is running. Its last execution may not have been successful"],
  ["cron-job-failed", "Degraded", "CronJob has not completed its last execution successfully"],
  ["cron-job-succeeded", "Healthy", "CronJob has completed its last execution successfully"],

  ["hpa-healthy", "Healthy", "recommended size matches current size"],
  ["hpa-degraded", "Degraded", "no metrics returned from resource metrics API"],
  ["hpa-waiting", "Progressing", "Waiting to Autoscale"],
  ["hpa-v2beta2-healthy", "Healthy", "recommended size matches current size"],
  ["hpa-v1-healthy", "Healthy", "the HPA controller was able to update the target scale to 2"],
  ["hpa-v1-degraded", "Degraded", "deployments.apps web not found"],
  ["hpa-v1-waiting", "Progressing", "Waiting to Autoscale"],
  [
    "hpa-v1-malformed",
    "Unknown",
    "metadata.annotations.autoscaling.alpha.kubernetes.io/conditions is not JSON",
  ],
  ["pdb-sufficient", "Healthy", "PodDisruptionBudget has SufficientPods"],
  ["pdb-insufficient", "Healthy", "PodDisruptionBudget has InsufficientPods"],
  ["pdb-sync-failed", "Degraded", "PodDisruptionBudget has SyncFailed"],
  ["pdb-new", "Progressing", "Waiting for status"],

  ["api-service-available", "Healthy", "Passed: all checks passed"],
  ["api-service-unavailable", "Progressing", "MissingEndpoints: no endpoints for service"],
  ["api-service-new", "Progressing", "Waiting to be processed"],
  ["crd-established", "Healthy", "CRD is healthy"],
  ["crd-installing", "Progressing", "CRD is being installed"],
  ["crd-not-established", "Degraded", "CRD is not established"],
  ["crd-names-conflict", "Degraded", "CRD names have not been accepted: WidgetList is already in use"],
  ["crd-schema-violations", "Degraded", "Schema violations found: spec: Required value"],
  ["crd-terminating", "Progressing", "CRD is terminating: CustomResource deletion is in progress"],
  ["crd-new", "Progressing", "Status conditions not found"],

  ["workflow-new", "Progressing"],
  ["workflow-running", "Progressing", "2 of 5 steps"],
  ["workflow-succeeded", "Healthy"],
  ["workflow-failed", "Degraded", "child failed"],
  ["workflow-error", "Degraded", "no such template"],
  ["workflow-strange", "Unknown"],
  ["config-map-deleting", "Progressing", "Pending deletion"],
];

function expected(status: HealthStatus, message?: string): Health {
  return message === undefined ? { status } : { status, message };
}

it.each(cases)("%s is %s", (name, status, message) => {
  expect(assessHealth(fixture(name))).toEqual(expected(status, message));
});

it.each(["config-map", "namespace-active"])("%s has no health of its own", (name) => {
  expect(assessHealth(fixture(name))).toBeUndefined();
});

const applicationCases: Case[] = [
  ["application-degraded", "Degraded", "db is down"],
  ["application-new", "Progressing", "Waiting for status.health.status"],
  ["application-strange", "Unknown", 'status.health.status is "Sleepy", not a health status'],
];

it.each(applicationCases)("%s is %s", (name, status, message) => {
  expect(assessHealth(fixture(name))).toEqual(expected(status, message));
});

it("leaves Applications out when it is told to, as Argo CD does by itself", () => {
  expect(assessHealth(fixture("application-degraded"), { applicationHealth: false })).toBeUndefined();
});

describe("a child Application of which nothing is deployed", () => {
  const child = (syncPolicy: JsonObject): KubeObject => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "child", namespace: "argocd" },
    spec: { syncPolicy },
    status: { health: { status: "Missing" } },
  });

  it("is Missing when it syncs by itself, and says nothing while it waits for somebody to sync it", () => {
    expect([
      assessHealth(child({ automated: {} })),
      assessHealth(child({})),
      assessHealth(child({ automated: { enabled: false } })),
    ]).toEqual([{ status: "Missing" }, undefined, undefined]);
  });
});

it("knows the Application that holds its own manifest by its instance name", () => {
  const app = (name: string, apiVersion = "argoproj.io/v1alpha1"): KubeObject => ({
    apiVersion,
    kind: "Application",
    metadata: { name, namespace: "team-a" },
  });
  expect([
    isApplicationItself(app("root"), "root"),
    isApplicationItself(app("root"), "team-a_root"),
    isApplicationItself(app("child"), "root"),
    isApplicationItself(app("root", "astra.netapp.io/v1"), "root"),
  ]).toEqual([true, true, false, false]);
});

describe("a malformed object", () => {
  const objects = readdirSync(testdata).map((file) => fixture(file.replace(/\.yaml$/, "")));
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;

  /** Puts `value` in the place of the `pick`-th node of `object`, counted modulo their number. */
  function replaceNode(object: JsonValue, pick: number, value: JsonValue): JsonValue {
    const copy = structuredClone({ root: object }) as Record<string, unknown>;
    const places: [Record<string, unknown>, string][] = [];
    const visit = (parent: Record<string, unknown>, field: string): void => {
      places.push([parent, field]);
      const child = parent[field];
      if (typeof child !== "object" || child === null) return;
      for (const key of Object.keys(child)) visit(child as Record<string, unknown>, key);
    };
    visit(copy, "root");
    const identity = ["apiVersion", "kind", "metadata"];
    const within = places.filter(
      ([parent, field]) => parent !== copy && !(parent === copy["root"] && identity.includes(field)),
    );
    const [parent, field] = within[pick % within.length] ?? [{}, ""];
    parent[field] = value;
    return copy["root"] as JsonValue;
  }

  it("gets a health and never breaks the assessment of others, whatever one field holds", () => {
    fc.assert(
      fc.property(fc.constantFrom(...objects), fc.nat(200), json, (object, pick, value) => {
        const broken = replaceNode(object, pick, value) as KubeObject;
        const found = assessHealth(broken);
        expect(found === undefined || typeof found.status === "string").toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("is Unknown when its status is not an object", () => {
    const broken = { ...fixture("deployment-healthy"), status: "ready" };
    expect(assessHealth(broken)).toEqual({ status: "Unknown", message: "status is a string, not an object" });
  });
});
