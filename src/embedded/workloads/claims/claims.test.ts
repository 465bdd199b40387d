import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { conditionLines, podLines } from "../testing-lines.ts";
import { testCluster } from "../testing.ts";

function claim(name: string, annotations: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, annotations },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "3Gi" } } },
  };
}

describe("a simulated claim", () => {
  it("is bound to a volume made for it, which goes with it", () => {
    using cluster = testCluster();
    cluster.create(claim("data"));
    cluster.clock.advance(50);
    expect(cluster.get("PersistentVolumeClaim", "data")?.["status"]).toEqual({ phase: "Pending" });
    cluster.clock.advance(100);
    expect(cluster.get("PersistentVolumeClaim", "data")?.["status"]).toEqual({
      phase: "Bound",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "3Gi" },
    });
    const volumes = () =>
      cluster
        .list("PersistentVolume")
        .map((each) => `${each.metadata.name} ${viewString(each, "status", "phase")}`);
    expect(volumes()).toEqual(["pvc-uid-2 Bound"]);
    cluster.remove("PersistentVolumeClaim", "data");
    cluster.clock.advance(100);
    expect(volumes()).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  it("leaves a volume that is to be kept", () => {
    using cluster = testCluster();
    cluster.create(claim("data"));
    cluster.clock.advance(200);
    cluster.patch("PersistentVolume", "pvc-uid-2", { spec: { persistentVolumeReclaimPolicy: "Retain" } });
    cluster.remove("PersistentVolumeClaim", "data");
    cluster.clock.advance(200);
    expect(cluster.get("PersistentVolume", "pvc-uid-2")?.["status"]).toMatchObject({ phase: "Released" });
  });

  it("is waited for by the pods that use it", () => {
    using cluster = testCluster();
    cluster.create(claim("data", { "simulate.mooring.dev/bind": "hang" }));
    cluster.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "db" },
      spec: {
        containers: [{ name: "app", image: "db:1" }],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
      },
    });
    cluster.clock.advance(2000);
    expect(conditionLines(cluster.get("Pod", "db"))).toEqual([
      "PodScheduled=False Unschedulable pod has unbound immediate PersistentVolumeClaims.",
    ]);
    cluster.patch("PersistentVolumeClaim", "data", {
      metadata: { annotations: { "simulate.mooring.dev/bind": null } },
    });
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toEqual(["db 1/1 Running"]);
  });
});
