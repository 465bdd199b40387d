import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { labelsOf, viewNumber, viewString } from "#core/object/index.ts";
import type { TestCluster } from "../testing.ts";
import { conditionLines, countsIn, eventLines, podLines, story } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

function statefulSet(spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: {
      replicas: 3,
      serviceName: "db",
      selector: { matchLabels: { app: "db" } },
      template: podTemplate("db"),
      ...spec,
    },
  };
}

function withImage(image: string): JsonObject {
  return { spec: { template: podTemplate("db", { containers: [{ name: "app", image }] }) } };
}

function tell(cluster: TestCluster): string {
  return cluster
    .list("Pod")
    .map((pod) => {
      const containers = pod["spec"] as { containers: readonly JsonObject[] };
      const tag = viewString(containers.containers[0], "image")?.split(":")[1];
      const ready = conditionLines(pod).includes("Ready=True");
      const state = pod.metadata.deletionTimestamp === undefined ? (ready ? "ready" : "starts") : "ends";
      return `${pod.metadata.name}:${tag} ${state}`;
    })
    .join(", ");
}

describe("a simulated StatefulSet", () => {
  it("makes its pods in order and ends them in the reverse order", () => {
    using cluster = testCluster();
    cluster.create(statefulSet());
    expect(story(cluster, 2000, tell)).toMatchInlineSnapshot(`
      [
        "db-0:1 starts",
        "db-0:1 ready, db-1:1 starts",
        "db-0:1 ready, db-1:1 ready, db-2:1 starts",
        "db-0:1 ready, db-1:1 ready, db-2:1 ready",
      ]
    `);
    expect(countsIn(cluster.get("StatefulSet", "db"))).toMatchInlineSnapshot(`
      {
        "availableReplicas": 3,
        "collisionCount": 0,
        "currentReplicas": 3,
        "currentRevision": "db-6544559df6",
        "observedGeneration": 1,
        "readyReplicas": 3,
        "replicas": 3,
        "updateRevision": "db-6544559df6",
        "updatedReplicas": 3,
      }
    `);
    expect(labelsOf(cluster.list("Pod")[0]!)).toMatchInlineSnapshot(`
      {
        "app": "db",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": "db-6544559df6",
        "statefulset.kubernetes.io/pod-name": "db-0",
      }
    `);
    cluster.patch("StatefulSet", "db", { spec: { replicas: 1 } });
    expect(story(cluster, 2000, tell)).toMatchInlineSnapshot(`
      [
        "db-0:1 ready, db-1:1 ready, db-2:1 ends",
        "db-0:1 ready, db-1:1 ends",
        "db-0:1 ready",
      ]
    `);
    expect(eventLines(cluster).filter((line) => line.startsWith("StatefulSet"))).toMatchInlineSnapshot(`
      [
        "StatefulSet SuccessfulCreate: create Pod db-0 in StatefulSet db successful",
        "StatefulSet SuccessfulCreate: create Pod db-1 in StatefulSet db successful",
        "StatefulSet SuccessfulCreate: create Pod db-2 in StatefulSet db successful",
        "StatefulSet SuccessfulDelete: delete Pod db-2 in StatefulSet db successful",
        "StatefulSet SuccessfulDelete: delete Pod db-1 in StatefulSet db successful",
      ]
    `);
    expect(cluster.failures).toEqual([]);
  });

  it("makes all of its pods at once when it may", () => {
    using cluster = testCluster();
    cluster.create(statefulSet({ podManagementPolicy: "Parallel" }));
    cluster.clock.advance(400);
    expect(tell(cluster)).toBe("db-0:1 ready, db-1:1 ready, db-2:1 ready");
  });

  it("replaces its pods from the last to the first", () => {
    using cluster = testCluster();
    cluster.create(statefulSet());
    cluster.clock.advance(2000);
    const before = countsIn(cluster.get("StatefulSet", "db"))["currentRevision"];
    cluster.patch("StatefulSet", "db", withImage("nginx:2"));
    expect(story(cluster, 1000, tell)).toMatchInlineSnapshot(`
      [
        "db-0:1 ready, db-1:1 ready, db-2:1 ends",
        "db-0:1 ready, db-1:1 ready, db-2:2 starts",
        "db-0:1 ready, db-1:1 ends, db-2:2 ready",
        "db-0:1 ready, db-1:2 starts, db-2:2 ready",
        "db-0:1 ends, db-1:2 ready, db-2:2 ready",
      ]
    `);
    expect(countsIn(cluster.get("StatefulSet", "db"))).toMatchInlineSnapshot(`
      {
        "availableReplicas": 2,
        "collisionCount": 0,
        "currentRevision": "db-6544559df6",
        "observedGeneration": 2,
        "readyReplicas": 2,
        "replicas": 3,
        "updateRevision": "db-85c55d4465",
        "updatedReplicas": 2,
      }
    `);
    cluster.clock.advance(2000);
    expect(tell(cluster)).toBe("db-0:2 ready, db-1:2 ready, db-2:2 ready");
    const after = countsIn(cluster.get("StatefulSet", "db"));
    expect(after["currentRevision"]).toBe(after["updateRevision"]);
    cluster.patch("StatefulSet", "db", withImage("nginx:1"));
    cluster.clock.advance(3000);
    expect(countsIn(cluster.get("StatefulSet", "db"))["currentRevision"]).toBe(before);
    const revisions = cluster.list("ControllerRevision").map((each) => viewNumber(each, "revision") ?? 0);
    expect(revisions.toSorted((a, b) => a - b)).toEqual([2, 3]);
  });

  it("keeps pods below the partition, and all of them until they are deleted where it is told to", () => {
    using cluster = testCluster();
    const partitioned = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } };
    cluster.create(statefulSet(partitioned));
    cluster.clock.advance(2000);
    cluster.patch("StatefulSet", "db", withImage("nginx:2"));
    cluster.clock.advance(2000);
    cluster.remove("Pod", "db-0");
    cluster.clock.advance(2000);
    expect(tell(cluster)).toBe("db-0:1 ready, db-1:1 ready, db-2:2 ready");
    cluster.patch("StatefulSet", "db", {
      spec: { updateStrategy: { type: "OnDelete", rollingUpdate: null } },
    });
    cluster.clock.advance(2000);
    cluster.remove("Pod", "db-1");
    cluster.clock.advance(2000);
    expect(tell(cluster)).toBe("db-0:1 ready, db-1:2 ready, db-2:2 ready");
  });

  it("gives each pod claims of its own, which stay", () => {
    using cluster = testCluster();
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } };
    cluster.create(
      statefulSet({ replicas: 2, volumeClaimTemplates: [{ metadata: { name: "data" }, spec }] }),
    );
    cluster.clock.advance(3000);
    expect(tell(cluster)).toBe("db-0:1 ready, db-1:1 ready");
    cluster.patch("StatefulSet", "db", { spec: { replicas: 1 } });
    cluster.clock.advance(3000);
    const claims = cluster
      .list("PersistentVolumeClaim")
      .map((claim) => `${claim.metadata.name} ${viewString(claim, "status", "phase")}`);
    expect(claims).toEqual(["data-db-0 Bound", "data-db-1 Bound"]);
    expect(cluster.failures).toEqual([]);
  });

  it("waits for a pod that does not become ready", () => {
    using cluster = testCluster();
    cluster.create(
      statefulSet({ template: podTemplate("db", {}, { "simulate.mooring.dev/not-ready": "true" }) }),
    );
    cluster.clock.advance(5000);
    expect(podLines(cluster)).toEqual(["db-0 0/1 Running"]);
  });
});
