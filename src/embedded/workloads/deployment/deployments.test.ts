import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { annotationsOf, viewNumber } from "#core/object/index.ts";
import type { TestCluster } from "../testing.ts";
import { conditionLines, countsIn, eventLines, podLines, story } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

function deployment(spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: "web" } },
      template: podTemplate("web"),
      ...spec,
    },
  };
}

function withImage(image: string): JsonObject {
  return { spec: { template: podTemplate("web", { containers: [{ name: "app", image }] }) } };
}

/** ReplicaSets by revision, as `revision: wanted/available`. */
function setLines(cluster: TestCluster): string {
  return cluster
    .list("ReplicaSet")
    .map((set) => {
      const revision = annotationsOf(set)["deployment.kubernetes.io/revision"];
      return `${revision}: ${viewNumber(set, "spec", "replicas")}/${viewNumber(set, "status", "availableReplicas") ?? 0}`;
    })
    .toSorted()
    .join(", ");
}

describe("a simulated Deployment", () => {
  it("rolls out, and rolls over to another template bit by bit", () => {
    using cluster = testCluster();
    cluster.create(deployment());
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toMatchInlineSnapshot(`
      [
        "web-789f874bdb-00001 1/1 Running",
        "web-789f874bdb-00002 1/1 Running",
        "web-789f874bdb-00003 1/1 Running",
      ]
    `);
    expect(countsIn(cluster.get("Deployment", "web"))).toMatchInlineSnapshot(`
      {
        "availableReplicas": 3,
        "observedGeneration": 1,
        "readyReplicas": 3,
        "replicas": 3,
        "updatedReplicas": 3,
      }
    `);
    expect(conditionLines(cluster.get("Deployment", "web"))).toMatchInlineSnapshot(`
      [
        "Progressing=True NewReplicaSetAvailable ReplicaSet "web-789f874bdb" has successfully progressed.",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
    cluster.patch("Deployment", "web", withImage("nginx:2"));
    const tell = () => `${setLines(cluster)} | ${cluster.list("Pod").length} pods`;
    expect(story(cluster, 4000, tell)).toMatchInlineSnapshot(`
      [
        "1: 3/3, 2: 1/0 | 4 pods",
        "1: 2/2, 2: 2/1 | 5 pods",
        "1: 2/2, 2: 2/1 | 4 pods",
        "1: 1/1, 2: 3/2 | 5 pods",
        "1: 1/1, 2: 3/2 | 4 pods",
        "1: 0/0, 2: 3/3 | 4 pods",
        "1: 0/0, 2: 3/3 | 3 pods",
      ]
    `);
    expect(conditionLines(cluster.get("Deployment", "web"))).toMatchInlineSnapshot(`
      [
        "Progressing=True NewReplicaSetAvailable ReplicaSet "web-5bbfc77cf9" has successfully progressed.",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
    expect(eventLines(cluster).filter((line) => line.startsWith("Deployment"))).toMatchInlineSnapshot(`
      [
        "Deployment ScalingReplicaSet: Scaled up replica set web-789f874bdb from 0 to 3",
        "Deployment ScalingReplicaSet: Scaled up replica set web-5bbfc77cf9 from 0 to 1",
        "Deployment ScalingReplicaSet: Scaled down replica set web-789f874bdb from 3 to 2",
        "Deployment ScalingReplicaSet: Scaled up replica set web-5bbfc77cf9 from 1 to 2",
        "Deployment ScalingReplicaSet: Scaled down replica set web-789f874bdb from 2 to 1",
        "Deployment ScalingReplicaSet: Scaled up replica set web-5bbfc77cf9 from 2 to 3",
        "Deployment ScalingReplicaSet: Scaled down replica set web-789f874bdb from 1 to 0",
      ]
    `);
    expect(cluster.failures).toEqual([]);
  });

  it("says once, and not over and over, that the API refuses its pods", () => {
    using cluster = testCluster();
    const ports = [{ containerPort: 80 }];
    const containers = ["a", "b"].map((name) => ({ name, image: "nginx:1", ports }));
    const template = podTemplate("web", { hostNetwork: true, containers });
    cluster.create(deployment({ template }));
    cluster.clock.advance(10_000);
    expect(conditionLines(cluster.get("Deployment", "web")).at(-1)).toMatch(
      /^ReplicaFailure=True FailedCreate Error creating: Pod "web-\S+" is invalid: spec.containers/,
    );
    expect(cluster.writes).toBeLessThan(50);
  });

  it("stops at an image that cannot be pulled, says so after its deadline, and goes back", () => {
    using cluster = testCluster();
    cluster.create(deployment({ progressDeadlineSeconds: 10 }));
    cluster.clock.advance(1000);
    cluster.patch("Deployment", "web", withImage("nginx:does-not-exist"));
    cluster.clock.advance(5000);
    expect(conditionLines(cluster.get("Deployment", "web"))).toMatchInlineSnapshot(`
      [
        "Progressing=True ReplicaSetUpdated ReplicaSet "web-796486cf8b" is progressing.",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
    cluster.clock.advance(10_000);
    expect(conditionLines(cluster.get("Deployment", "web"))).toMatchInlineSnapshot(`
      [
        "Progressing=False ProgressDeadlineExceeded ReplicaSet "web-796486cf8b" has timed out progressing.",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
    expect(podLines(cluster).map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "1/1 Running",
      "1/1 Running",
      "1/1 Running",
      "0/1 ImagePullBackOff",
    ]);
    cluster.patch("Deployment", "web", withImage("nginx:1"));
    cluster.clock.advance(2000);
    expect(setLines(cluster)).toBe("2: 0/0, 3: 3/3");
    expect(conditionLines(cluster.get("Deployment", "web"))).toMatchInlineSnapshot(`
      [
        "Progressing=True NewReplicaSetAvailable ReplicaSet "web-789f874bdb" has successfully progressed.",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
    const first = cluster.list("ReplicaSet").find((set) => viewNumber(set, "spec", "replicas") === 3);
    expect(annotationsOf(first!)).toMatchInlineSnapshot(`
      {
        "deployment.kubernetes.io/desired-replicas": "3",
        "deployment.kubernetes.io/max-replicas": "4",
        "deployment.kubernetes.io/revision": "3",
        "deployment.kubernetes.io/revision-history": "1",
      }
    `);
  });

  it("is scaled, also while it rolls out", () => {
    using cluster = testCluster();
    cluster.create(deployment({ replicas: 4 }));
    cluster.clock.advance(1000);
    cluster.patch("Deployment", "web", { spec: { replicas: 6 } });
    cluster.clock.advance(1000);
    expect(setLines(cluster)).toBe("1: 6/6");
    cluster.patch("Deployment", "web", withImage("simulate.mooring.dev/hang"));
    cluster.clock.advance(1000);
    expect(setLines(cluster)).toBe("1: 5/5, 2: 3/0");
    cluster.patch("Deployment", "web", { spec: { replicas: 12 } });
    cluster.clock.advance(1000);
    expect(setLines(cluster)).toMatchInlineSnapshot(`"1: 9/9, 2: 6/0"`);
    cluster.patch("Deployment", "web", { spec: { replicas: 0 } });
    cluster.clock.advance(1000);
    expect(setLines(cluster)).toBe("1: 0/0, 2: 0/0");
    expect(podLines(cluster)).toEqual([]);
  });

  it("waits while it is paused", () => {
    using cluster = testCluster();
    cluster.create(deployment({ replicas: 1 }));
    cluster.clock.advance(1000);
    cluster.patch("Deployment", "web", { spec: { paused: true } });
    cluster.patch("Deployment", "web", withImage("nginx:2"));
    cluster.clock.advance(1000);
    expect([setLines(cluster), ...conditionLines(cluster.get("Deployment", "web"))]).toMatchInlineSnapshot(`
      [
        "1: 1/1",
        "Progressing=Unknown DeploymentPaused Deployment is paused",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
    cluster.patch("Deployment", "web", { spec: { paused: false } });
    cluster.clock.advance(2000);
    expect([setLines(cluster), ...conditionLines(cluster.get("Deployment", "web"))]).toMatchInlineSnapshot(`
      [
        "1: 0/0, 2: 1/1",
        "Progressing=True NewReplicaSetAvailable ReplicaSet "web-5bbfc77cf9" has successfully progressed.",
        "Available=True MinimumReplicasAvailable Deployment has minimum availability.",
      ]
    `);
  });

  it("is recreated with nothing of the new before the last of the old is gone", () => {
    using cluster = testCluster();
    cluster.create(deployment({ replicas: 2, strategy: { type: "Recreate" } }));
    cluster.clock.advance(1000);
    cluster.patch("Deployment", "web", withImage("nginx:2"));
    const tell = () => `${setLines(cluster)} | ${cluster.list("Pod").length} pods`;
    expect(story(cluster, 2000, tell)).toMatchInlineSnapshot(`
      [
        "1: 0/0, 2: 0/0 | 2 pods",
        "1: 0/0, 2: 2/0 | 2 pods",
        "1: 0/0, 2: 2/2 | 2 pods",
      ]
    `);
  });

  it("keeps as many old ReplicaSets as it may go back to", () => {
    using cluster = testCluster();
    cluster.create(deployment({ replicas: 1, revisionHistoryLimit: 1 }));
    for (const tag of ["1", "2", "3", "4"]) {
      cluster.patch("Deployment", "web", withImage(`nginx:${tag}`));
      cluster.clock.advance(2000);
    }
    expect(setLines(cluster)).toBe("3: 0/0, 4: 1/1");
  });

  it("waits for pods to stay ready for as long as it says", () => {
    using cluster = testCluster();
    cluster.create(deployment({ replicas: 1, minReadySeconds: 10 }));
    cluster.clock.advance(2000);
    expect(countsIn(cluster.get("Deployment", "web"))).toMatchObject({
      readyReplicas: 1,
      unavailableReplicas: 1,
    });
    cluster.clock.advance(10_000);
    expect(countsIn(cluster.get("Deployment", "web"))).toMatchObject({
      readyReplicas: 1,
      availableReplicas: 1,
    });
  });

  it("leaves its pods when it is deleted without them, and takes them back", () => {
    using cluster = testCluster();
    cluster.create(deployment());
    cluster.clock.advance(1000);
    const before = podLines(cluster);
    cluster.remove("Deployment", "web", "Orphan");
    cluster.clock.advance(1000);
    expect([setLines(cluster), podLines(cluster)]).toEqual(["1: 3/3", before]);
    cluster.create(deployment());
    cluster.clock.advance(1000);
    expect([setLines(cluster), podLines(cluster)]).toEqual(["1: 3/3", before]);
    cluster.remove("Deployment", "web");
    cluster.clock.advance(1000);
    expect([setLines(cluster), podLines(cluster)]).toEqual(["", []]);
    expect(cluster.failures).toEqual([]);
  });

  it("replaces a pod that is deleted, and lets one go that no longer has its labels", () => {
    using cluster = testCluster();
    cluster.create(deployment({ replicas: 2 }));
    cluster.clock.advance(1000);
    const [first, second] = cluster.list("Pod").map(({ metadata }) => metadata.name ?? "");
    cluster.remove("Pod", first ?? "");
    cluster.patch("Pod", second ?? "", { metadata: { labels: { app: "debug" } } });
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toHaveLength(3);
    expect(cluster.get("Pod", second ?? "")?.metadata.ownerReferences).toBeUndefined();
    expect(setLines(cluster)).toBe("1: 2/2");
  });
});
