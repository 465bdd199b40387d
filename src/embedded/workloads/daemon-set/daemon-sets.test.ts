import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewNumber, viewString } from "#core/object/index.ts";
import { countsIn } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

function daemonSet(spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent" },
    spec: { selector: { matchLabels: { app: "agent" } }, template: podTemplate("agent"), ...spec },
  };
}

function nodesOf(pods: readonly KubeObject[]): readonly string[] {
  return pods.map((pod) => viewString(pod, "spec", "nodeName") ?? "").toSorted();
}

describe("a simulated DaemonSet", () => {
  it("runs a pod on every node, also on one that comes later and one that is cordoned", () => {
    using cluster = testCluster({ nodes: 3 });
    cluster.create(daemonSet());
    cluster.clock.advance(1000);
    expect(nodesOf(cluster.list("Pod"))).toEqual(["node-1", "node-2", "node-3"]);
    expect(countsIn(cluster.get("DaemonSet", "agent"))).toMatchInlineSnapshot(`
      {
        "currentNumberScheduled": 3,
        "desiredNumberScheduled": 3,
        "numberAvailable": 3,
        "numberMisscheduled": 0,
        "numberReady": 3,
        "observedGeneration": 1,
        "updatedNumberScheduled": 3,
      }
    `);
    cluster.patch("Node", "node-1", { spec: { unschedulable: true } });
    cluster.clock.advance(1000);
    expect(nodesOf(cluster.list("Pod"))).toEqual(["node-1", "node-2", "node-3"]);
    expect(cluster.failures).toEqual([]);
  });

  it("runs where its template says, and follows the labels of nodes", () => {
    using cluster = testCluster();
    cluster.create(daemonSet({ template: podTemplate("agent", { nodeSelector: { disk: "ssd" } }) }));
    cluster.clock.advance(1000);
    expect(nodesOf(cluster.list("Pod"))).toEqual([]);
    cluster.patch("Node", "node-2", { metadata: { labels: { disk: "ssd" } } });
    cluster.clock.advance(1000);
    expect(nodesOf(cluster.list("Pod"))).toEqual(["node-2"]);
    cluster.patch("Node", "node-2", { metadata: { labels: { disk: null } } });
    cluster.clock.advance(1000);
    expect(nodesOf(cluster.list("Pod"))).toEqual([]);
  });

  it("replaces its pods one after the other", () => {
    using cluster = testCluster({ nodes: 3 });
    cluster.create(daemonSet());
    cluster.clock.advance(1000);
    const template = podTemplate("agent", { containers: [{ name: "app", image: "nginx:2" }] });
    cluster.patch("DaemonSet", "agent", { spec: { template } });
    const seen = new Set<string>();
    for (let passed = 0; passed < 3000; passed += 50) {
      cluster.clock.advance(50);
      const counts = countsIn(cluster.get("DaemonSet", "agent"));
      const count = (field: string) => viewNumber(counts, field) ?? 0;
      seen.add(`${count("updatedNumberScheduled")} updated, ${count("numberUnavailable")} unavailable`);
    }
    expect([...seen]).toMatchInlineSnapshot(`
      [
        "0 updated, 1 unavailable",
        "1 updated, 1 unavailable",
        "2 updated, 1 unavailable",
        "3 updated, 1 unavailable",
        "3 updated, 0 unavailable",
      ]
    `);
    expect(cluster.failures).toEqual([]);
  });
});
