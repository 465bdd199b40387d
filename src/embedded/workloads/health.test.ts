import { describe, expect, it } from "vitest";
import { assessHealth } from "#core/health/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { podTemplate, testCluster } from "./testing.ts";

const selector = { matchLabels: { app: "web" } };

function simulate(said: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [`simulate.mooring.dev/${name}`, value]),
  );
}

function workload(kind: string, said: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  const template = podTemplate("web", {}, simulate(said));
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "web" },
    spec: { selector, template, ...spec },
  };
}

function deployment(said: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return workload("Deployment", said, { progressDeadlineSeconds: 20, ...spec });
}

function job(said: JsonObject, spec: JsonObject = {}): JsonObject {
  const template = podTemplate("web", { restartPolicy: "Never" }, simulate(said));
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "web" }, spec: { template, ...spec } };
}

function pod(said: JsonObject, spec: JsonObject = {}): JsonObject {
  const containers = [{ name: "app", image: "nginx:1" }];
  const metadata = { name: "web", annotations: simulate(said) };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers, ...spec } };
}

function service(said: JsonObject): JsonObject {
  const metadata = { name: "web", annotations: simulate(said) };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  };
}

function claim(said: JsonObject): JsonObject {
  const metadata = { name: "web", annotations: simulate(said) };
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec };
}

function cronJob(said: JsonObject, spec: JsonObject = {}): JsonObject {
  const jobTemplate = { spec: job(said)["spec"] as JsonObject };
  const all = { schedule: "0 * * * *", jobTemplate, ...spec };
  return { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "web" }, spec: all };
}

const cases: readonly (readonly [expected: string, object: JsonObject])[] = [
  ["Healthy", deployment()],
  ["Degraded", deployment({ "image-pull": "fail" })],
  ["Degraded", deployment({ "crash-loop": "true" })],
  ["Degraded", deployment({ oom: "true" })],
  ["Progressing", deployment({ start: "hang" }, { progressDeadlineSeconds: 600 })],
  ["Suspended", deployment({}, { paused: true })],
  ["Healthy", workload("StatefulSet")],
  ["Progressing", workload("StatefulSet", { "not-ready": "true" })],
  ["Healthy", workload("DaemonSet")],
  ["Progressing", workload("DaemonSet", { start: "hang" })],
  ["Healthy", workload("ReplicaSet")],
  ["Healthy", job({})],
  ["Degraded", job({ "exit-code": "1" }, { backoffLimit: 0 })],
  ["Progressing", job({ start: "hang" })],
  ["Suspended", job({}, { suspend: true })],
  ["Healthy", pod({})],
  ["Degraded", pod({ "crash-loop": "true" })],
  ["Degraded", pod({ oom: "true" })],
  ["Degraded", pod({ "image-pull": "fail" })],
  ["Progressing", pod({ start: "hang" })],
  ["Progressing", pod({}, { nodeSelector: { no: "node" } })],
  ["Healthy", pod({ "exit-code": "0" }, { restartPolicy: "Never" })],
  ["Degraded", pod({ "exit-code": "2" }, { restartPolicy: "Never" })],
  ["Healthy", service({})],
  ["Progressing", service({ address: "none" })],
  ["Healthy", claim({})],
  ["Progressing", claim({ bind: "hang" })],
  ["Healthy", cronJob({})],
  ["Healthy", cronJob({}, { suspend: true })],
];

describe("simulated objects show every state of health", () => {
  it.each(cases)("%s: %j", (expected, object) => {
    using cluster = testCluster();
    cluster.create(object);
    cluster.clock.advance(35_000);
    const found = cluster.get(viewString(object, "kind") ?? "", "web");
    expect(found && assessHealth(found)?.status).toBe(expected);
    expect(cluster.failures).toEqual([]);
  });
});
