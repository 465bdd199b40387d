import { describe, expect, it } from "vitest";
import { eventLines } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

function deployment(replicas: number) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas, selector: { matchLabels: { app: "web" } }, template: podTemplate("web") },
  };
}

describe("events", () => {
  it("are combined when much alike happens to one object, and left out when there are too many of pods", () => {
    using cluster = testCluster({ eventLimits: { maxPerSecond: 8 } });
    cluster.create(deployment(15));
    cluster.clock.advance(5000);
    expect(eventLines(cluster)).toMatchInlineSnapshot(`
      [
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00001 to node-1",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00002 to node-2",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00003 to node-1",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00004 to node-2",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00005 to node-1",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00006 to node-2",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00007 to node-1",
        "Pod Scheduled: Successfully assigned shop/web-789f874bdb-00008 to node-2",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00001",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00002",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00003",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00004",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00005",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00006",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00007",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00008",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-00009",
        "ReplicaSet SuccessfulCreate: Created pod: web-789f874bdb-0000a",
        "ReplicaSet SuccessfulCreate: (combined from similar events) (x5)",
        "Deployment ScalingReplicaSet: Scaled up replica set web-789f874bdb from 0 to 15",
      ]
    `);
  });

  it("are bounded in number and in age", () => {
    using cluster = testCluster({ eventLimits: { maxEvents: 10 } });
    cluster.create(deployment(20));
    cluster.clock.advance(5000);
    expect(cluster.list("Event")).toHaveLength(10);
    cluster.restart();
    cluster.clock.advance(2 * 3_600_000);
    cluster.patch("Deployment", "web", { spec: { replicas: 19 } });
    cluster.clock.advance(100);
    expect(eventLines(cluster)).toMatchInlineSnapshot(`
      [
        "Pod Killing: Stopping container app",
        "ReplicaSet SuccessfulDelete: Deleted pod: web-789f874bdb-0000k",
        "Deployment ScalingReplicaSet: Scaled down replica set web-789f874bdb from 20 to 19",
      ]
    `);
  });
});
