import { describe, expect, it } from "vitest";
import { viewNumber } from "#core/object/index.ts";
import { conditionLines, countsIn } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

function clusterWithAutoscaler() {
  const cluster = testCluster();
  cluster.create({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 5,
    },
  });
  return cluster;
}

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas: 1, selector: { matchLabels: { app: "web" } }, template: podTemplate("web") },
};

describe("a simulated autoscaler", () => {
  it("says what it misses", () => {
    using cluster = clusterWithAutoscaler();
    cluster.clock.advance(100);
    expect(conditionLines(cluster.get("HorizontalPodAutoscaler", "web"))).toMatchInlineSnapshot(`
      [
        "AbleToScale=False FailedGetScale the HPA controller was unable to get the target's current scale: Deployment "web" not found",
      ]
    `);
  });

  it("scales to what the load asks for, within its bounds", () => {
    using cluster = clusterWithAutoscaler();
    cluster.create(deployment);
    cluster.clock.advance(1000);
    const wanted = () => viewNumber(cluster.get("Deployment", "web"), "spec", "replicas");
    expect(wanted()).toBe(2);
    expect(conditionLines(cluster.get("HorizontalPodAutoscaler", "web"))).toMatchInlineSnapshot(`
      [
        "AbleToScale=True ReadyForNewScale recommended size matches current size",
        "ScalingActive=True ValidMetricFound the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
        "ScalingLimited=False DesiredWithinRange the desired count is within the acceptable range",
      ]
    `);
    const load = (replicas: number) => {
      const annotations = { "simulate.mooring.dev/desired-replicas": String(replicas) };
      cluster.patch("HorizontalPodAutoscaler", "web", { metadata: { annotations } });
      cluster.clock.advance(2000);
      return wanted();
    };
    expect([load(4), load(9), load(0)]).toEqual([4, 5, 2]);
    expect(countsIn(cluster.get("HorizontalPodAutoscaler", "web"))).toMatchInlineSnapshot(`
      {
        "currentMetrics": [
          {
            "resource": {
              "current": {
                "averageUtilization": 80,
                "averageValue": "100m",
              },
              "name": "cpu",
            },
            "type": "Resource",
          },
        ],
        "currentReplicas": 2,
        "desiredReplicas": 2,
        "lastScaleTime": "2026-01-01T00:00:05Z",
        "observedGeneration": 1,
      }
    `);
    expect(cluster.failures).toEqual([]);
  });
});
