import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import type { TestCluster } from "../testing.ts";
import { eventLines } from "../testing-lines.ts";
import { podTemplate, testCluster } from "../testing.ts";
import { isJobFinished } from "../jobs/job-view.ts";

const minute = 60_000;

function cronJob(spec: JsonObject = {}, command: readonly string[] = ["true"]): JsonObject {
  const template = podTemplate("report", {
    restartPolicy: "Never",
    containers: [{ name: "app", image: "busybox", command }],
  });
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "report" },
    spec: { schedule: "*/10 * * * *", jobTemplate: { spec: { template, backoffLimit: 0 } }, ...spec },
  };
}

function jobs(cluster: TestCluster): readonly string[] {
  return cluster.list("Job").map((job) => {
    const at = new Date(Number(job.metadata.name?.split("-").at(-1)) * minute).toISOString().slice(11, 16);
    return `${at} ${isJobFinished(job) ? "ended" : "runs"}`;
  });
}

describe("a simulated CronJob", () => {
  it("makes a Job each time, and keeps the last ones", () => {
    using cluster = testCluster();
    cluster.create(cronJob({ successfulJobsHistoryLimit: 2 }));
    cluster.clock.advance(9 * minute);
    expect(jobs(cluster)).toEqual([]);
    cluster.clock.advance(minute);
    expect(jobs(cluster)).toEqual(["00:10 runs"]);
    expect(cluster.get("CronJob", "report")?.["status"]).toMatchInlineSnapshot(`
      {
        "active": [
          {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "name": "report-29453770",
            "namespace": "shop",
            "uid": "uid-7",
          },
        ],
        "lastScheduleTime": "2026-01-01T00:10:00Z",
      }
    `);
    cluster.clock.advance(41 * minute);
    expect(jobs(cluster)).toEqual(["00:40 ended", "00:50 ended"]);
    expect(cluster.get("CronJob", "report")?.["status"]).toEqual({
      lastScheduleTime: "2026-01-01T00:50:00Z",
      lastSuccessfulTime: "2026-01-01T00:50:00Z",
    });
    expect(
      eventLines(cluster)
        .filter((line) => line.startsWith("CronJob"))
        .slice(0, 3),
    ).toMatchInlineSnapshot(`
      [
        "CronJob SuccessfulCreate: Created job report-29453770",
        "CronJob SuccessfulCreate: Created job report-29453780",
        "CronJob SuccessfulCreate: Created job report-29453790",
      ]
    `);
    expect(cluster.failures).toEqual([]);
  });

  it.each([
    ["Allow", ["00:10 runs", "00:20 runs", "00:30 runs"]],
    ["Forbid", ["00:10 runs"]],
    ["Replace", ["00:30 runs"]],
  ])("with the policy %s deals with Jobs that take longer", (concurrencyPolicy, expected) => {
    using cluster = testCluster();
    cluster.create(cronJob({ concurrencyPolicy }, ["sleep", "infinity"]));
    cluster.clock.advance(30 * minute + 1000);
    expect(jobs(cluster)).toEqual(expected);
  });

  it("does nothing while it is suspended, and makes up for the last time only", () => {
    using cluster = testCluster();
    cluster.create(cronJob({ suspend: true }));
    cluster.clock.advance(35 * minute);
    expect(jobs(cluster)).toEqual([]);
    cluster.patch("CronJob", "report", { spec: { suspend: false } });
    cluster.clock.advance(minute);
    expect(jobs(cluster)).toEqual(["00:30 ended"]);
  });

  it("does not start what is later than its deadline", () => {
    using cluster = testCluster();
    cluster.create(cronJob({ suspend: true, startingDeadlineSeconds: 60 }));
    cluster.clock.advance(35 * minute);
    cluster.patch("CronJob", "report", { spec: { suspend: false } });
    cluster.clock.advance(minute);
    expect(jobs(cluster)).toEqual([]);
  });
});
