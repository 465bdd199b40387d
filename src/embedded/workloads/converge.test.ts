import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewNumber } from "#core/object/index.ts";
import { controllerOf } from "./base/owned.ts";
import { isReady } from "./base/pod-view.ts";
import type { TestCluster } from "./testing.ts";
import { podTemplate, testCluster } from "./testing.ts";

type Change =
  | { readonly kind: "scale"; readonly replicas: number }
  | { readonly kind: "template"; readonly image: string }
  | { readonly kind: "kill"; readonly at: number }
  | { readonly kind: "restart" };

const images = ["nginx:1", "nginx:2", "nginx:3", "nginx:does-not-exist", "simulate.mooring.dev/crash-loop"];
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("scale" as const), replicas: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant("template" as const), image: fc.constantFrom(...images) }),
  fc.record({ kind: fc.constant("kill" as const), at: fc.nat(10) }),
  fc.record({ kind: fc.constant("restart" as const) }),
);
const steps = fc.array(fc.tuple(change, fc.integer({ min: 0, max: 1500 })), { maxLength: 10 });

function owner(kind: string, extra: JsonObject): JsonObject {
  const spec = { replicas: 2, selector: { matchLabels: { app: "web" } }, template: podTemplate("web") };
  return { apiVersion: "apps/v1", kind, metadata: { name: "web" }, spec: { ...spec, ...extra } };
}

function withImage(image: string): JsonObject {
  return { spec: { template: podTemplate("web", { containers: [{ name: "app", image }] }) } };
}

function make(cluster: TestCluster, kind: string, step: Change): void {
  switch (step.kind) {
    case "scale":
      return void cluster.patch(kind, "web", { spec: { replicas: step.replicas } });
    case "template":
      return void cluster.patch(kind, "web", withImage(step.image));
    case "kill": {
      const pods = cluster.list("Pod").filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const pod = pods[step.at % pods.length];
      return pod === undefined ? undefined : cluster.remove("Pod", pod.metadata.name ?? "");
    }
    case "restart":
      return cluster.restart();
  }
}

/** What is there in the end, for comparison with what is wanted. */
function outcome(cluster: TestCluster): JsonObject {
  const pods = cluster.list("Pod");
  const uids = new Set(
    ["ReplicaSet", "StatefulSet"].flatMap((kind) => cluster.list(kind)).map(({ metadata }) => metadata.uid),
  );
  return {
    pods: pods.length,
    ready: pods.filter(isReady).length,
    orphans: pods.filter((pod) => !uids.has(controllerOf(pod)?.uid)).length,
    failures: cluster.failures.length,
  };
}

describe("workloads", () => {
  it.each([
    ["Deployment", {}],
    ["Deployment", { strategy: { type: "Recreate" } }],
    ["Deployment", { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "50%" } } }],
    ["StatefulSet", { serviceName: "web", podManagementPolicy: "Parallel" }],
  ])("come to what is wanted whatever happened before: %s %o", { timeout: 30_000 }, (kind, extra) => {
    fc.assert(
      fc.property(steps, (changes) => {
        using cluster = testCluster();
        cluster.create(owner(kind, extra));
        for (const [step, ms] of changes) {
          make(cluster, kind, step);
          cluster.clock.advance(ms);
        }
        cluster.patch(kind, "web", withImage("nginx:last"));
        cluster.clock.advance(60_000);
        const replicas = viewNumber(cluster.get(kind, "web"), "spec", "replicas");
        expect(outcome(cluster)).toEqual({ pods: replicas, ready: replicas, orphans: 0, failures: 0 });
        cluster.remove(kind, "web");
        cluster.clock.advance(5000);
        expect(cluster.list("Pod")).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  it("are the same each time", () => {
    const run = () => {
      using cluster = testCluster();
      cluster.create(owner("Deployment", {}));
      cluster.clock.advance(500);
      cluster.patch("Deployment", "web", withImage("nginx:2"));
      cluster.clock.advance(5000);
      return cluster.state.store
        .resources()
        .flatMap((resource) => cluster.state.store.list({ resource }).map(({ text }) => text));
    };
    expect(run()).toEqual(run());
  });

  it("come to rest: nothing is written while nothing happens", () => {
    using cluster = testCluster();
    cluster.create(owner("Deployment", {}));
    cluster.clock.advance(5000);
    const { writes } = cluster;
    cluster.clock.advance(3_600_000);
    expect(cluster.writes).toBe(writes);
  });
});
