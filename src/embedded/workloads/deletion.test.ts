import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { podLines, story } from "./testing-lines.ts";
import type { TestCluster } from "./testing.ts";
import { podTemplate, testCluster } from "./testing.ts";

const selector = { matchLabels: { app: "web" } };
const kinds: Readonly<Record<string, JsonObject>> = {
  Deployment: { apiVersion: "apps/v1", spec: { replicas: 2, selector, template: podTemplate("web") } },
  StatefulSet: { apiVersion: "apps/v1", spec: { replicas: 2, selector, template: podTemplate("web") } },
  DaemonSet: { apiVersion: "apps/v1", spec: { selector, template: podTemplate("web") } },
  Job: {
    apiVersion: "batch/v1",
    spec: { completions: 3, template: podTemplate("web", { restartPolicy: "Never" }) },
  },
};

function leftovers(cluster: TestCluster): readonly string[] {
  return ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ControllerRevision", "Pod"].flatMap(
    (kind) => cluster.list(kind).map(({ metadata }) => `${kind} ${metadata.name}`),
  );
}

describe("the deletion of a workload", () => {
  it.each(
    Object.keys(kinds).flatMap((kind) => [[kind, "Background"] as const, [kind, "Foreground"] as const]),
  )("takes all that belongs to it along: %s %s", (kind, propagation) => {
    using cluster = testCluster();
    cluster.create({ kind, metadata: { name: "web" }, ...kinds[kind] });
    cluster.clock.advance(1200);
    expect(leftovers(cluster).length).toBeGreaterThan(1);
    cluster.remove(kind, "web", propagation);
    cluster.clock.advance(1000);
    expect(leftovers(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  it("waits for its pods where that is asked for", () => {
    using cluster = testCluster();
    cluster.create({ kind: "Deployment", metadata: { name: "web" }, ...kinds["Deployment"] });
    cluster.clock.advance(1000);
    cluster.remove("Deployment", "web", "Foreground");
    const tell = () => `${cluster.list("Deployment").length} with ${podLines(cluster).length} pods`;
    expect(story(cluster, 1000, tell)).toEqual(["1 with 2 pods", "0 with 0 pods"]);
  });
});
