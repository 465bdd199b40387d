import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored } from "../base/controller.ts";
import { isConditionTrue } from "../base/conditions.ts";
import {
  byAge,
  byName,
  isDeleting,
  keyIn,
  nameOf,
  namespaceOf,
  present,
  referenceTo,
  uidOf,
} from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { isJobFinished } from "../jobs/job-view.ts";
import type { CronSchedule } from "./cron-schedule.ts";
import { parseCron } from "./cron-schedule.ts";

const component = "cronjob-controller";
const utc: readonly string[] = ["UTC", "Etc/UTC", "Etc/GMT", "GMT"];

/** Makes Jobs when their time has come. */
export class CronJobs implements Controller {
  readonly name = component;
  readonly resource = resources.cronJobs;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, component);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    return ownersOf(this.#context, event, { of: resources.jobs, owner: this.resource, adopts: false });
  }

  sync(key: StoreKey): number | undefined {
    const cron = readStored(this.#context, key);
    if (cron === undefined || isDeleting(cron)) return undefined;
    this.#forgetJobs(cron);
    const schedule = this.#scheduleOf(cron);
    const started =
      schedule && viewObject(cron, "spec")["suspend"] !== true ? this.#start(cron, schedule) : undefined;
    const status = this.#statusOf(cron, started);
    writeStatus(this.#calls, key, { object: cron, status });
    if (schedule === undefined || viewObject(cron, "spec")["suspend"] === true) return undefined;
    const now = this.#context.clock.now();
    const next = schedule.next(now);
    return next === undefined ? undefined : next - now;
  }

  #jobsOf(cron: KubeObject): readonly KubeObject[] {
    return this.#context.index.controlledBy(cron, resources.jobs).filter((job) => !isDeleting(job));
  }

  #scheduleOf(cron: KubeObject): CronSchedule | undefined {
    const text = viewString(cron, "spec", "schedule") ?? "";
    const zone = viewString(cron, "spec", "timeZone") ?? "UTC";
    const schedule = parseCron(text);
    if (schedule === undefined) {
      this.#warn(cron, "UnparseableSchedule", `unparseable schedule: ${JSON.stringify(text)}`);
    } else if (!utc.includes(zone)) {
      this.#warn(
        cron,
        "UnknownTimeZone",
        `unknown time zone ${JSON.stringify(zone)}: the simulation knows UTC`,
      );
      return undefined;
    }
    return schedule;
  }

  /** Starts what is due; gives the time for which it was started. */
  #start(cron: KubeObject, schedule: CronSchedule): number | undefined {
    const due = dueTime(cron, schedule, this.#context.clock.now());
    if (due === undefined) return undefined;
    const active = this.#jobsOf(cron).filter((job) => !isJobFinished(job));
    const policy = viewString(cron, "spec", "concurrencyPolicy");
    if (policy === "Forbid" && active.length > 0) {
      this.#tell(
        cron,
        "JobAlreadyActive",
        "Not starting job because prior execution is running and concurrency policy is Forbid",
      );
      return undefined;
    }
    if (policy === "Replace") for (const job of active) this.#remove(cron, job);
    const job = jobFor(cron, due);
    const created = this.#calls.create(keyIn(resources.jobs, job), job);
    if (created !== undefined) this.#tell(cron, "SuccessfulCreate", `Created job ${nameOf(job)}`);
    return due;
  }

  /** Keeps as many Jobs that succeeded and that failed as the limits say. */
  #forgetJobs(cron: KubeObject): void {
    const jobs = this.#jobsOf(cron).toSorted(byAge);
    const limits = [
      ["Complete", viewNumber(cron, "spec", "successfulJobsHistoryLimit") ?? 3],
      ["Failed", viewNumber(cron, "spec", "failedJobsHistoryLimit") ?? 1],
    ] as const;
    for (const [condition, limit] of limits) {
      const ended = jobs.filter((job) => isConditionTrue(job, condition));
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) this.#remove(cron, job);
    }
  }

  #remove(cron: KubeObject, job: KubeObject): void {
    this.#calls.remove(keyIn(resources.jobs, job), { propagation: "Background", uid: uidOf(job) });
    this.#tell(cron, "SuccessfulDelete", `Deleted job ${nameOf(job)}`);
  }

  #statusOf(cron: KubeObject, startedMs: number | undefined): JsonObject {
    const live = viewObject(cron, "status");
    const jobs = this.#jobsOf(cron).toSorted(byName);
    const active = jobs.filter((job) => !isJobFinished(job)).map(activeReference);
    const ends = jobs
      .filter((job) => isConditionTrue(job, "Complete"))
      .map((job) => viewString(job, "status", "completionTime") ?? "");
    const lastSuccess = [viewString(live, "lastSuccessfulTime") ?? "", ...ends].toSorted().at(-1);
    return present({
      active: active.length === 0 ? undefined : active,
      lastScheduleTime: startedMs === undefined ? live["lastScheduleTime"] : formatTime(startedMs),
      lastSuccessfulTime: lastSuccess === "" ? undefined : lastSuccess,
    });
  }

  #tell(object: KubeObject, reason: string, message: string): void {
    this.#context.events.record({ object, reason, message, component });
  }

  #warn(object: KubeObject, reason: string, message: string): void {
    this.#context.events.record({ object, type: "Warning", reason, message, component });
  }
}

/** The last time that has come and for which nothing was started. */
function dueTime(cron: KubeObject, schedule: CronSchedule, now: number): number | undefined {
  const last = viewString(cron, "status", "lastScheduleTime") ?? cron.metadata.creationTimestamp ?? "";
  const deadline = viewNumber(cron, "spec", "startingDeadlineSeconds");
  const earliest = deadline === undefined ? 0 : now - deadline * 1000;
  return schedule.last({ afterMs: Math.max(Date.parse(last) || 0, earliest), untilMs: now });
}

function jobFor(cron: KubeObject, dueMs: number): KubeObject {
  const template = viewObject(cron, "spec", "jobTemplate");
  const labels = viewObject(template, "metadata", "labels");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      // A time has one Job, whoever asks for it.
      name: `${nameOf(cron)}-${Math.floor(dueMs / 60_000)}`,
      namespace: namespaceOf(cron),
      ...(Object.keys(labels).length === 0 ? {} : { labels: labels as Readonly<Record<string, string>> }),
      annotations: {
        ...(viewObject(template, "metadata", "annotations") as Readonly<Record<string, string>>),
        "batch.kubernetes.io/cronjob-scheduled-timestamp": formatTime(dueMs),
      },
      ownerReferences: [referenceTo(cron)],
    },
    spec: viewObject(template, "spec"),
  };
}

function activeReference(job: KubeObject): JsonObject {
  return {
    apiVersion: job.apiVersion,
    kind: job.kind,
    name: nameOf(job),
    namespace: namespaceOf(job),
    uid: uidOf(job),
  };
}
