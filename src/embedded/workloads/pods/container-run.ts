import type { WorkloadTimings } from "../timings.ts";
import { backoffMs } from "../timings.ts";
import type { Behaviour } from "./behaviour.ts";

export interface Ended {
  readonly code: number;
  readonly reason: string;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** How far a container has come, and since when. */
export interface ContainerRun {
  readonly phase: "creating" | "pull-error" | "pull-backoff" | "running" | "backoff" | "ended";
  readonly sinceMs: number;
  readonly restarts: number;
  /** How it ended: the last time while it waits to be started again or runs again. */
  readonly ended?: Ended;
}

export type Moment = "pull-failed" | "pull-backoff" | "started" | "backoff";

interface Advance {
  readonly run: ContainerRun;
  /** What happened, in order. */
  readonly moments: readonly Moment[];
  /** When something happens next. */
  readonly nextMs: number | undefined;
}

export interface Circumstances {
  readonly behaviour: Behaviour;
  readonly restarts: "Always" | "OnFailure" | "Never";
  readonly timings: WorkloadTimings;
  readonly now: number;
}

/** A simulation that was away does not make up for more than this. */
const catchUpMs = 10 * 60 * 1000;

interface Step {
  readonly atMs: number;
  readonly run: ContainerRun;
  readonly moment?: Moment;
}

/** Brings a container to where it is now. */
export function advanceContainer(from: ContainerRun, circumstances: Circumstances): Advance {
  const moments: Moment[] = [];
  let run = from;
  for (;;) {
    const step = nextStep(run, circumstances);
    if (step === undefined) return { run, moments, nextMs: readyMs(run, circumstances) };
    if (step.atMs > circumstances.now) {
      return { run, moments, nextMs: earlier(step.atMs, readyMs(run, circumstances)) };
    }
    run = step.run;
    if (step.moment !== undefined) moments.push(step.moment);
  }
}

/** Whether a run counts as ready. */
export function isRunReady(run: ContainerRun, { behaviour, now }: Circumstances): boolean {
  return run.phase === "running" && now >= run.sinceMs + behaviour.readyAfterMs;
}

function readyMs(run: ContainerRun, { behaviour, now }: Circumstances): number | undefined {
  const at = run.sinceMs + behaviour.readyAfterMs;
  return run.phase === "running" && at > now && Number.isFinite(at) ? at : undefined;
}

function earlier(a: number, b: number | undefined): number {
  return b === undefined ? a : Math.min(a, b);
}

function nextStep(run: ContainerRun, circumstances: Circumstances): Step | undefined {
  switch (run.phase) {
    case "creating":
      return created(run, circumstances);
    case "pull-error":
      return pulledAgain(run, circumstances);
    case "pull-backoff":
      return circumstances.behaviour.pull === "ok" ? started(run, circumstances.now) : undefined;
    case "running":
      return exited(run, circumstances);
    case "backoff":
      return started(run, due(run, circumstances, restartPause(run, circumstances)));
    case "ended":
      return restarted(run, circumstances);
  }
}

function due({ sinceMs }: ContainerRun, { now }: Circumstances, ms: number): number {
  return Math.max(sinceMs + ms, now - catchUpMs);
}

function created(run: ContainerRun, circumstances: Circumstances): Step | undefined {
  const { pull, startAfterMs } = circumstances.behaviour;
  const atMs = due(run, circumstances, startAfterMs);
  if (pull === "fail")
    return { atMs, run: { ...run, phase: "pull-error", sinceMs: atMs }, moment: "pull-failed" };
  return Number.isFinite(startAfterMs) ? started(run, atMs) : undefined;
}

function pulledAgain(run: ContainerRun, circumstances: Circumstances): Step {
  const { behaviour, now, timings } = circumstances;
  if (behaviour.pull === "ok") return started(run, now);
  const atMs = due(run, circumstances, timings.startMs);
  return { atMs, run: { ...run, phase: "pull-backoff", sinceMs: atMs }, moment: "pull-backoff" };
}

function started(run: ContainerRun, atMs: number): Step {
  const isAgain = run.ended !== undefined;
  const restarts = run.restarts + (isAgain ? 1 : 0);
  return { atMs, run: { ...run, phase: "running", sinceMs: atMs, restarts }, moment: "started" };
}

function exited(run: ContainerRun, circumstances: Circumstances): Step | undefined {
  const { exit } = circumstances.behaviour;
  if (exit === undefined) return undefined;
  const atMs = due(run, circumstances, exit.afterMs);
  return { atMs, run: endRun(run, { ...exit, atMs }) };
}

/** A running container that ends. */
export function endRun(
  run: ContainerRun,
  { code, reason, atMs }: { readonly code: number; readonly reason: string; readonly atMs: number },
): ContainerRun {
  const ended = { code, reason, startedMs: run.sinceMs, finishedMs: atMs };
  return { phase: "ended", sinceMs: atMs, restarts: run.restarts, ended };
}

/** The first time it is started again at once, as the kubelet does it. */
function restarted(run: ContainerRun, circumstances: Circumstances): Step | undefined {
  const { restarts } = circumstances;
  if (restarts === "Never" || (restarts === "OnFailure" && run.ended?.code === 0)) return undefined;
  if (run.restarts === 0) return started(run, run.sinceMs);
  return { atMs: run.sinceMs, run: { ...run, phase: "backoff" }, moment: "backoff" };
}

/** The pause before the container is started again. */
export function restartPause(
  { restarts }: ContainerRun,
  { timings }: Pick<Circumstances, "timings">,
): number {
  // Without any pause a container that ends at once would be started without end in one step.
  return Math.max(100, backoffMs(timings.restartBackoffMs, timings.maxRestartBackoffMs, restarts - 1));
}
