import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { conditionLines, countsIn, eventLines, podLines } from "../testing-lines.ts";
import { testCluster } from "../testing.ts";

function pod(name: string, spec: JsonObject = {}, annotations: JsonObject = {}): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, annotations },
    spec: { containers: [{ name: "app", image: "nginx:1" }], ...spec },
  };
}

function simulate(said: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [`simulate.mooring.dev/${name}`, value]),
  );
}

describe("a simulated pod", () => {
  it("is placed, created, runs and is ready", () => {
    using cluster = testCluster();
    cluster.create(pod("web"));
    cluster.clock.advance(0);
    expect(podLines(cluster)).toEqual(["web 0/1 ContainerCreating"]);
    cluster.clock.advance(300);
    expect(podLines(cluster)).toEqual(["web 1/1 Running"]);
    expect(conditionLines(cluster.get("Pod", "web"))).toMatchInlineSnapshot(`
      [
        "PodReadyToStartContainers=True",
        "Initialized=True",
        "Ready=True",
        "ContainersReady=True",
        "PodScheduled=True",
      ]
    `);
    expect(countsIn(cluster.get("Pod", "web"))).toMatchInlineSnapshot(`
      {
        "containerStatuses": [
          {
            "containerID": "containerd://e6e78d254d6f8e5f1fff1bad9e2160b5d5134fa8c040bbf9838b36b54fa7ed2c",
            "image": "nginx:1",
            "imageID": "nginx@sha256:ea996a051ac10cd365fd9c754b6fd92220b8a7976eb415e47f2a26560aef5434",
            "lastState": {},
            "name": "app",
            "ready": true,
            "restartCount": 0,
            "started": true,
            "state": {
              "running": {
                "startedAt": "2026-01-01T00:00:00Z",
              },
            },
          },
        ],
        "hostIP": "172.18.0.2",
        "hostIPs": [
          {
            "ip": "172.18.0.2",
          },
        ],
        "phase": "Running",
        "podIP": "10.101.0.1",
        "podIPs": [
          {
            "ip": "10.101.0.1",
          },
        ],
        "qosClass": "BestEffort",
        "startTime": "2026-01-01T00:00:00Z",
      }
    `);
    expect(eventLines(cluster)).toMatchInlineSnapshot(`
      [
        "Pod Scheduled: Successfully assigned shop/web to node-1",
        "Pod Pulled: Container image "nginx:1" already present on machine",
        "Pod Created: Created container: app",
        "Pod Started: Started container app",
      ]
    `);
    expect(cluster.failures).toEqual([]);
  });

  it("runs its init containers one after the other", () => {
    using cluster = testCluster();
    const initContainers = [
      { name: "first", image: "busybox", command: ["sleep", "2"] },
      { name: "sidecar", image: "proxy", restartPolicy: "Always" },
      { name: "second", image: "busybox" },
    ];
    cluster.create(pod("web", { initContainers }));
    cluster.clock.advance(1000);
    expect(conditionLines(cluster.get("Pod", "web"))).toMatchInlineSnapshot(`
      [
        "PodReadyToStartContainers=True",
        "Initialized=False ContainersNotInitialized containers with incomplete status: [first sidecar second]",
        "Ready=False ContainersNotReady containers with unready status: [sidecar app]",
        "ContainersReady=False ContainersNotReady containers with unready status: [sidecar app]",
        "PodScheduled=True",
      ]
    `);
    cluster.clock.advance(1600);
    expect(podLines(cluster)).toEqual(["web 0/1 PodInitializing"]);
    cluster.clock.advance(800);
    expect(podLines(cluster)).toEqual(["web 0/1 PodInitializing"]);
    cluster.clock.advance(300);
    expect(podLines(cluster)).toEqual(["web 1/1 Running"]);
  });

  it("behaves as its annotations, its image or its command say", () => {
    using cluster = testCluster();
    const once = { restartPolicy: "Never" };
    const running = (image: string, command?: readonly string[]) => ({
      containers: [{ name: "app", image, ...(command === undefined ? {} : { command }) }],
    });
    cluster.create(pod("a-hang", {}, simulate({ start: "hang" })));
    cluster.create(pod("b-late", {}, simulate({ "start-after": "9s" })));
    cluster.create(pod("c-pull", {}, simulate({ "image-pull": "fail" })));
    cluster.create(pod("d-tag", running("nginx:does-not-exist")));
    cluster.create(pod("e-unready", {}, simulate({ "not-ready": "true" })));
    cluster.create(pod("f-slow", {}, simulate({ "ready-after": "9s" })));
    cluster.create(pod("g-exit", once, simulate({ "exit-code": "3", "exit-after": "2s" })));
    cluster.create(pod("h-crash", {}, simulate({ "crash-loop": "true" })));
    cluster.create(pod("i-oom", once, simulate({ oom: "true" })));
    cluster.create(pod("j-image", { ...running("simulate.mooring.dev/complete:4"), ...once }));
    cluster.create(pod("k-false", { ...running("busybox", ["false"]), ...once }));
    cluster.create(pod("l-shell", { ...running("busybox", ["sh", "-c", "sleep 1; exit 7"]), ...once }));
    cluster.create(pod("m-plain", once));
    cluster.create(pod("n-own", {}, simulate({ "app.start": "hang" })));
    cluster.clock.advance(5000);
    expect(podLines(cluster)).toMatchInlineSnapshot(`
      [
        "a-hang 0/1 ContainerCreating",
        "b-late 0/1 ContainerCreating",
        "c-pull 0/1 ImagePullBackOff",
        "d-tag 0/1 ImagePullBackOff",
        "e-unready 0/1 Running",
        "f-slow 0/1 Running",
        "g-exit 0/1 Error",
        "h-crash 0/1 CrashLoopBackOff (1 restarts)",
        "i-oom 0/1 OOMKilled",
        "j-image 0/1 Error",
        "k-false 0/1 Error",
        "l-shell 0/1 Error",
        "m-plain 0/1 Completed",
        "n-own 0/1 ContainerCreating",
      ]
    `);
    const codes = cluster.list("Pod").map((each) => {
      const text = JSON.stringify(countsIn(each)["containerStatuses"]);
      return `${each.metadata.name} ${/"exitCode":(\d+)/.exec(text)?.[1] ?? "-"}`;
    });
    expect(codes.filter((line) => !line.endsWith("-"))).toMatchInlineSnapshot(`
      [
        "g-exit 3",
        "h-crash 1",
        "i-oom 137",
        "j-image 4",
        "k-false 1",
        "l-shell 7",
        "m-plain 0",
      ]
    `);
    cluster.clock.advance(5000);
    expect(podLines(cluster).filter((line) => /^[bf]/.test(line))).toEqual([
      "b-late 1/1 Running",
      "f-slow 1/1 Running",
    ]);
    expect(cluster.failures).toEqual([]);
  });

  it("crashes in a loop, with pauses that grow", () => {
    using cluster = testCluster();
    cluster.create(pod("web", {}, simulate({ "crash-loop": "true" })));
    const lines: string[] = [];
    for (const ms of [900, 700, 9000, 1000, 20_000, 1000, 41_000]) {
      cluster.clock.advance(ms);
      lines.push(...podLines(cluster));
    }
    expect(lines).toMatchInlineSnapshot(`
      [
        "web 0/1 Running (1 restarts)",
        "web 0/1 CrashLoopBackOff (1 restarts)",
        "web 0/1 CrashLoopBackOff (1 restarts)",
        "web 0/1 Running (2 restarts)",
        "web 0/1 CrashLoopBackOff (2 restarts)",
        "web 0/1 CrashLoopBackOff (3 restarts)",
        "web 0/1 CrashLoopBackOff (4 restarts)",
      ]
    `);
    expect(cluster.get("Pod", "web")?.["status"]).toMatchObject({
      phase: "Running",
      containerStatuses: [{ lastState: { terminated: { exitCode: 1, reason: "Error" } } }],
    });
    expect(eventLines(cluster).filter((line) => line.includes("BackOff"))).toMatchInlineSnapshot(`
      [
        "Pod BackOff: Back-off restarting failed container app in pod web_shop(uid-2) (x4)",
      ]
    `);
  });

  it("is gone some time after it was deleted, and no later than its grace allows", () => {
    using cluster = testCluster();
    cluster.create(pod("quick"));
    cluster.create(pod("slow", { terminationGracePeriodSeconds: 5 }, simulate({ "stop-after": "1m" })));
    cluster.clock.advance(1000);
    cluster.remove("Pod", "quick");
    cluster.remove("Pod", "slow");
    cluster.clock.advance(100);
    expect(podLines(cluster)).toEqual(["quick 1/1 Terminating", "slow 1/1 Terminating"]);
    cluster.clock.advance(100);
    expect(podLines(cluster)).toEqual(["slow 1/1 Terminating"]);
    cluster.clock.advance(4800);
    expect(podLines(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  it("waits for a node that it may run on", () => {
    using cluster = testCluster();
    cluster.create(pod("web", { nodeSelector: { disk: "ssd" } }));
    cluster.clock.advance(1000);
    expect(conditionLines(cluster.get("Pod", "web"))).toMatchInlineSnapshot(`
      [
        "PodScheduled=False Unschedulable 0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
      ]
    `);
    cluster.patch("Node", "node-2", { metadata: { labels: { disk: "ssd" } } });
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toEqual(["web 1/1 Running"]);
    expect(cluster.get("Pod", "web")?.["spec"]).toMatchObject({ nodeName: "node-2" });
  });

  it("goes on where it was when the simulation is started again", () => {
    using cluster = testCluster();
    cluster.create(pod("crash", {}, simulate({ "crash-loop": "true" })));
    cluster.create(pod("web"));
    cluster.clock.advance(2000);
    const before = podLines(cluster);
    const address = countsIn(cluster.get("Pod", "web"))["podIP"];
    cluster.restart();
    cluster.create(pod("other"));
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toEqual([before[0], "other 1/1 Running", before[1]]);
    expect(countsIn(cluster.get("Pod", "web"))["podIP"]).toBe(address);
    expect(countsIn(cluster.get("Pod", "other"))["podIP"]).not.toBe(address);
    cluster.clock.advance(11_000);
    expect(podLines(cluster)[0]).toBe("crash 0/1 CrashLoopBackOff (2 restarts)");
  });
});
