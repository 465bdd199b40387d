import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { annotationsOf } from "#core/object/index.ts";
import { conditionLines, countsIn, eventLines, podLines } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";

function job(spec: JsonObject = {}, podSpec: JsonObject = {}): JsonObject {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate" },
    spec: { template: podTemplate("migrate", { restartPolicy: "Never", ...podSpec }), ...spec },
  };
}

function image(name: string): JsonObject {
  return { containers: [{ name: "app", image: `simulate.mooring.dev/${name}` }] };
}

describe("a simulated Job", () => {
  it("runs its pods to their end and is complete", () => {
    using cluster = testCluster();
    cluster.create(job({ completions: 3, parallelism: 2 }));
    cluster.clock.advance(400);
    expect(podLines(cluster)).toEqual(["migrate-00001 1/1 Running", "migrate-00002 1/1 Running"]);
    expect(countsIn(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      {
        "active": 2,
        "ready": 2,
        "startTime": "2026-01-01T00:00:00Z",
        "terminating": 0,
        "uncountedTerminatedPods": {},
      }
    `);
    cluster.clock.advance(2000);
    expect(podLines(cluster)).toMatchInlineSnapshot(`
      [
        "migrate-00001 0/1 Completed",
        "migrate-00002 0/1 Completed",
        "migrate-00003 0/1 Completed",
      ]
    `);
    expect(countsIn(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      {
        "completionTime": "2026-01-01T00:00:01Z",
        "ready": 0,
        "startTime": "2026-01-01T00:00:00Z",
        "succeeded": 3,
        "terminating": 0,
        "uncountedTerminatedPods": {},
      }
    `);
    expect(conditionLines(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      [
        "SuccessCriteriaMet=True CompletionsReached Reached expected number of succeeded pods",
        "Complete=True CompletionsReached Reached expected number of succeeded pods",
      ]
    `);
    expect(eventLines(cluster).filter((line) => line.startsWith("Job"))).toMatchInlineSnapshot(`
      [
        "Job SuccessfulCreate: Created pod: migrate-00001",
        "Job SuccessfulCreate: Created pod: migrate-00002",
        "Job SuccessfulCreate: Created pod: migrate-00003",
        "Job Completed: Job completed",
      ]
    `);
    cluster.remove("Job", "migrate");
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  it("fails when its pods fail too often, with growing pauses between them", () => {
    using cluster = testCluster();
    cluster.create(job({ backoffLimit: 2 }, image("complete:3")));
    const counts: number[] = [];
    for (const ms of [2000, 8000, 3000, 17_000, 3000]) {
      cluster.clock.advance(ms);
      counts.push(cluster.list("Pod").length);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
    expect(countsIn(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      {
        "failed": 3,
        "ready": 0,
        "startTime": "2026-01-01T00:00:00Z",
        "terminating": 0,
        "uncountedTerminatedPods": {},
      }
    `);
    expect(conditionLines(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      [
        "FailureTarget=True BackoffLimitExceeded Job has reached the specified backoff limit",
        "Failed=True BackoffLimitExceeded Job has reached the specified backoff limit",
      ]
    `);
    expect(cluster.failures).toEqual([]);
  });

  it("counts containers that are started again in their pod as failures, too", () => {
    using cluster = testCluster();
    cluster.create(job({ backoffLimit: 1 }, { ...image("fail"), restartPolicy: "OnFailure" }));
    cluster.clock.advance(5000);
    expect(conditionLines(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      [
        "FailureTarget=True BackoffLimitExceeded Job has reached the specified backoff limit",
        "Failed=True BackoffLimitExceeded Job has reached the specified backoff limit",
      ]
    `);
    expect(podLines(cluster)).toEqual([]);
  });

  it("fails when it takes too long, as soon as its pods have stopped", () => {
    using cluster = testCluster();
    const slow = podTemplate("migrate", { restartPolicy: "Never", ...image("hang") }, {});
    cluster.create(job({ activeDeadlineSeconds: 5, template: slow }));
    cluster.clock.advance(5100);
    expect(conditionLines(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      [
        "FailureTarget=True DeadlineExceeded Job was active longer than specified deadline",
      ]
    `);
    cluster.clock.advance(1000);
    expect(conditionLines(cluster.get("Job", "migrate"))).toMatchInlineSnapshot(`
      [
        "FailureTarget=True DeadlineExceeded Job was active longer than specified deadline",
        "Failed=True DeadlineExceeded Job was active longer than specified deadline",
      ]
    `);
  });

  it("stops while it is suspended, and begins anew", () => {
    using cluster = testCluster();
    cluster.create(job({}, { containers: [{ name: "app", image: "sh", command: ["sleep", "60"] }] }));
    cluster.clock.advance(1000);
    cluster.patch("Job", "migrate", { spec: { suspend: true } });
    cluster.clock.advance(1000);
    expect([...podLines(cluster), ...conditionLines(cluster.get("Job", "migrate"))]).toEqual([
      "Suspended=True JobSuspended Job suspended",
    ]);
    cluster.patch("Job", "migrate", { spec: { suspend: false } });
    cluster.clock.advance(1000);
    expect(podLines(cluster)).toEqual(["migrate-00002 1/1 Running"]);
    expect(countsIn(cluster.get("Job", "migrate"))).toMatchObject({
      startTime: "2026-01-01T00:00:02Z",
      active: 1,
    });
    expect(conditionLines(cluster.get("Job", "migrate"))).toEqual(["Suspended=False JobResumed Job resumed"]);
  });

  it("gives its pods numbers", () => {
    using cluster = testCluster();
    cluster.create(job({ completions: 4, parallelism: 3, completionMode: "Indexed" }));
    cluster.clock.advance(5000);
    const indexes = cluster
      .list("Pod")
      .map((pod) => annotationsOf(pod)["batch.kubernetes.io/job-completion-index"]);
    expect(indexes).toEqual(["0", "1", "2", "3"]);
    expect(countsIn(cluster.get("Job", "migrate"))).toMatchObject({ completedIndexes: "0-3", succeeded: 4 });
  });

  it("goes some time after its end", () => {
    using cluster = testCluster();
    cluster.create(job({ ttlSecondsAfterFinished: 10 }));
    cluster.clock.advance(9000);
    expect(conditionLines(cluster.get("Job", "migrate"))).toHaveLength(2);
    cluster.clock.advance(3000);
    expect([cluster.list("Job"), cluster.list("Pod")]).toEqual([[], []]);
  });

  it("counts a pod that was deleted as failed and makes another one", () => {
    using cluster = testCluster();
    cluster.create(job());
    cluster.clock.advance(500);
    cluster.remove("Pod", "migrate-00001");
    cluster.clock.advance(12_000);
    expect(podLines(cluster)).toEqual(["migrate-00002 0/1 Completed"]);
    expect(countsIn(cluster.get("Job", "migrate"))).toMatchObject({ failed: 1, succeeded: 1 });
  });
});
