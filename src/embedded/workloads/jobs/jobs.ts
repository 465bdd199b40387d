import type { KubeObject } from "#core/object/index.ts";
import { viewNumber } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import { systemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import { claimDependents } from "../base/claim-dependents.ts";
import type { Controller, WorkContext } from "../base/controller.ts";
import { readStored, sooner } from "../base/controller.ts";
import { isDeleting, keyIn, nameOf, uidOf } from "../base/owned.ts";
import { ownersOf } from "../base/owners-of.ts";
import { resources } from "../base/resources.ts";
import { writeStatus } from "../base/write-status.ts";
import { backoffMs } from "../timings.ts";
import { missingPods, surplusPods } from "./job-pods.ts";
import { announcedVerdict, jobStatus } from "./job-status.ts";
import type { Tally, Verdict } from "./job-tally.ts";
import { deadlineInMs, tallyOf, verdictOf } from "./job-tally.ts";
import { isJobFinished, isSuspended, isTracked, withoutTracking } from "./job-view.ts";
import { timeToLiveMs } from "./time-to-live.ts";

const component = "job-controller";

/** How many pods are made in one look; their events bring about the next one. */
const burst = 100;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** Runs the pods of Jobs to their end. */
export class Jobs implements Controller {
  readonly name = component;
  readonly resource = resources.jobs;
  readonly #context: WorkContext;
  readonly #calls: SystemCalls;
  /** By uid: failures since the last success. */
  readonly #failures = new Map<string, Failures>();

  constructor(context: WorkContext) {
    this.#context = context;
    this.#calls = systemCalls(context.state, component);
  }

  note(event: StoreEvent): readonly StoreKey[] {
    const { type, stored } = event;
    if (type === "deleted" && stored.key.resource === this.resource)
      this.#failures.delete(uidOf(stored.object));
    return ownersOf(this.#context, event, { of: resources.pods, owner: this.resource });
  }

  sync(key: StoreKey): number | undefined {
    const job = readStored(this.#context, key);
    if (job === undefined || isDeleting(job)) return undefined;
    if (isJobFinished(job)) return this.#expire(key, job);
    const now = this.#context.clock.now();
    const before = tallyOf(job, this.#podsOf(job));
    const verdict = announcedVerdict(job) ?? (isSuspended(job) ? undefined : verdictOf(job, before, now));
    this.#remember(job, before);
    const waitMs = this.#act(job, before, verdict);
    const tally = this.#tallyAfter(job, before);
    const status = jobStatus(job, { tally, verdict, now });
    writeStatus(this.#calls, key, { object: job, status });
    this.#release(before.counted);
    this.#tellEnd(key, job);
    return sooner(waitMs, verdict === undefined ? deadlineInMs(job, now) : undefined);
  }

  #podsOf(job: KubeObject): readonly KubeObject[] {
    return claimDependents(this.#context, this.#calls, { owner: job, resource: resources.pods });
  }

  /** What is counted is counted once: before what is done now, and with what runs after it. */
  #tallyAfter(job: KubeObject, before: Tally): Tally {
    const after = tallyOf(job, this.#podsOf(job));
    return { ...before, active: after.active, ready: after.ready, terminating: after.terminating };
  }

  #remember(job: KubeObject, { newlyFailed, newlySucceeded }: Tally): void {
    const uid = uidOf(job);
    if (newlySucceeded > 0) this.#failures.delete(uid);
    if (newlyFailed === 0) return;
    const count = (this.#failures.get(uid)?.count ?? 0) + newlyFailed;
    this.#failures.set(uid, { count, lastMs: this.#context.clock.now() });
  }

  /** Makes and deletes pods; gives for how long it has to wait before it may make more. */
  #act(job: KubeObject, tally: Tally, verdict: Verdict | undefined): number | undefined {
    const surplus = verdict !== undefined || isSuspended(job) ? tally.active : surplusPods(job, tally);
    for (const pod of surplus) {
      this.#calls.remove(keyIn(resources.pods, pod), { propagation: "Background", uid: uidOf(pod) });
      this.#tell(job, "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
    }
    if (verdict !== undefined || isSuspended(job)) return undefined;
    const missing = missingPods(job, tally);
    if (missing.length === 0) return undefined;
    const waitMs = this.#pauseMs(job);
    if (waitMs > 0) return waitMs;
    for (const pod of missing.slice(0, burst)) {
      const created = this.#calls.create(keyIn(resources.pods, pod), pod);
      if (created === undefined) return this.#context.timings.retryMs * 10;
      this.#tell(job, "SuccessfulCreate", `Created pod: ${nameOf(created)}`);
    }
    return undefined;
  }

  #pauseMs(job: KubeObject): number {
    const failures = this.#failures.get(uidOf(job));
    if (failures === undefined) return 0;
    const { timings, clock } = this.#context;
    const pause = backoffMs(timings.jobBackoffMs, timings.maxJobBackoffMs, failures.count - 1);
    return failures.lastMs + pause - clock.now();
  }

  #release(pods: readonly KubeObject[]): void {
    for (const pod of pods) {
      const key = keyIn(resources.pods, pod);
      const live = readStored(this.#context, key);
      if (live !== undefined && isTracked(live)) this.#calls.replace(key, withoutTracking(live));
    }
  }

  #tellEnd(key: StoreKey, before: KubeObject): void {
    const job = readStored(this.#context, key);
    if (job === undefined || !isJobFinished(job) || isJobFinished(before)) return;
    const verdict = announcedVerdict(job);
    if (verdict?.hasSucceeded === true) return this.#tell(job, "Completed", "Job completed");
    this.#context.events.record({
      object: job,
      type: "Warning",
      reason: verdict?.reason ?? "Failed",
      message: verdict?.message ?? "",
      component,
    });
  }

  #tell(job: KubeObject, reason: string, message: string): void {
    this.#context.events.record({ object: job, reason, message, component });
  }

  /** Lets its pods go, and goes itself when its time is over. */
  #expire(key: StoreKey, job: KubeObject): number | undefined {
    this.#failures.delete(uidOf(job));
    this.#release(this.#context.index.controlledBy(job, resources.pods).filter(isTracked));
    const seconds = viewNumber(job, "spec", "ttlSecondsAfterFinished");
    if (seconds === undefined) return undefined;
    const leftMs = timeToLiveMs(job, seconds, this.#context.clock.now());
    if (leftMs > 0) return leftMs;
    this.#calls.remove(key, { propagation: "Background", uid: uidOf(job) });
    return undefined;
  }
}
