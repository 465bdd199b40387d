import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { testCluster } from "../testing.ts";
import type { TestCluster } from "../testing.ts";
import type { LogOptions } from "./read-log.ts";
import { readLog } from "./read-log.ts";

function pod(annotations: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", annotations },
    spec: { containers: [{ name: "app", image: "nginx:1" }], ...spec },
  };
}

function log(cluster: TestCluster, options: Partial<LogOptions> = {}): readonly string[] {
  const found = cluster.get("Pod", "web");
  if (found === undefined) throw new Error("no pod");
  const lines = readLog(found, { now: cluster.clock.now(), ...options });
  return lines.map(({ atMs, text }) => `${new Date(atMs).toISOString().slice(14, 19)} ${text}`);
}

describe("a simulated log", () => {
  it("grows while the container runs", () => {
    using cluster = testCluster();
    cluster.create(pod());
    cluster.clock.advance(25_000);
    const lines = ["00:00 app: started", "00:10 app: still running (1)", "00:20 app: still running (2)"];
    expect(log(cluster)).toEqual(lines);
    expect(log(cluster, { tailLines: 1 })).toEqual(lines.slice(-1));
    expect(log(cluster, { sinceMs: cluster.clock.now() - 16_000 })).toEqual(lines.slice(1));
    cluster.clock.advance(24 * 3_600_000);
    expect(log(cluster)).toHaveLength(1000);
  });

  it("says what the annotation says, and how the container ends", () => {
    using cluster = testCluster();
    const said = { "simulate.mooring.dev/log": "one\ntwo", "simulate.mooring.dev/exit-code": "3" };
    cluster.create(pod(said, { restartPolicy: "Never" }));
    cluster.clock.advance(2000);
    expect(log(cluster)).toEqual(["00:00 one", "00:00 two", "00:00 app: exits with code 3"]);
  });

  it("is there for the run before", () => {
    using cluster = testCluster();
    cluster.create(pod({ "simulate.mooring.dev/exit-after": "5s" }));
    cluster.clock.advance(7000);
    expect(log(cluster)).toEqual(["00:05 app: started"]);
    expect(log(cluster, { previous: true })).toEqual(["00:00 app: started", "00:05 app: exits with code 0"]);
  });

  it("is refused in the kubelet's words", () => {
    using cluster = testCluster();
    const containers = ["a", "b"].map((name) => ({ name, image: "nginx:does-not-exist" }));
    cluster.create(pod({}, { containers }));
    expect(() => log(cluster)).toThrow("pod web does not have a host assigned");
    cluster.clock.advance(100);
    expect(() => log(cluster)).toThrow(
      "a container name must be specified for pod web, choose one of: [a b]",
    );
    expect(() => log(cluster, { container: "c" })).toThrow("container c is not valid for pod web");
    expect(() => log(cluster, { container: "a" })).toThrow(
      'container "a" in pod "web" is waiting to start: ContainerCreating',
    );
    cluster.clock.advance(1000);
    expect(() => log(cluster, { container: "a" })).toThrow("trying and failing to pull image");
    expect(() => log(cluster, { container: "a", previous: true })).toThrow(
      'previous terminated container "a" in pod "web" not found',
    );
  });
});
