import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import type { WorkloadTimings } from "../timings.ts";
import type { ContainerRole } from "./behaviour.ts";
import { behaviourOf } from "./behaviour.ts";
import type { Circumstances, ContainerRun, Moment } from "./container-run.ts";
import { advanceContainer, endRun, isRunReady } from "./container-run.ts";
import { restoreRun } from "./restore-run.ts";

export interface PodContainer {
  readonly name: string;
  readonly container: JsonObject;
  readonly role: ContainerRole;
}

/** How far the containers of a pod have come, by their names; those that have not begun are missing. */
export type PodRun = ReadonlyMap<string, ContainerRun>;

export interface PodAdvance {
  readonly run: PodRun;
  readonly ready: ReadonlySet<string>;
  readonly moments: readonly { readonly container: PodContainer; readonly moment: Moment }[];
  /** When something happens next. */
  readonly nextMs: number | undefined;
}

/** The containers in the order in which they begin. */
export function containersOf(pod: KubeObject): readonly PodContainer[] {
  const first = viewArray(pod, "spec", "initContainers").filter(isJsonObject);
  const main = viewArray(pod, "spec", "containers").filter(isJsonObject);
  return [
    ...first.map((container) => asContainer(container, isSidecar(container) ? "sidecar" : "init")),
    ...main.map((container) => asContainer(container, "main")),
  ];
}

function asContainer(container: JsonObject, role: ContainerRole): PodContainer {
  return { name: viewString(container, "name") ?? "", container, role };
}

function isSidecar(container: JsonObject): boolean {
  return viewString(container, "restartPolicy") === "Always";
}

export function restartPolicyOf(pod: KubeObject): Circumstances["restarts"] {
  const policy = viewString(pod, "spec", "restartPolicy");
  return policy === "Never" || policy === "OnFailure" ? policy : "Always";
}

/** What a pod's status tells of its containers. */
export function restorePod(pod: KubeObject, now: number): PodRun {
  const statuses = [
    ...viewArray(pod, "status", "initContainerStatuses"),
    ...viewArray(pod, "status", "containerStatuses"),
  ].filter(isJsonObject);
  const runs = statuses.flatMap((status) => {
    const run = restoreRun(status, now);
    return run === undefined ? [] : [[viewString(status, "name") ?? "", run] as const];
  });
  return new Map(runs);
}

/** Brings a pod to where it is now: init containers one after the other, then the others. */
export function advancePod(
  pod: KubeObject,
  from: PodRun,
  { timings, now }: { readonly timings: WorkloadTimings; readonly now: number },
): PodAdvance {
  const progress = new Progress(pod, from, { timings, now });
  const containers = containersOf(pod);
  const first = containers.filter(({ role }) => role !== "main");
  if (first.every((container) => progress.passes(container))) {
    const main = containers.filter(({ role }) => role === "main");
    const began = progress.beginMs;
    for (const container of main) progress.advance(container, began);
    progress.stopSidecars(first, main);
  }
  return progress.result();
}

class Progress {
  readonly #pod: KubeObject;
  readonly #run: Map<string, ContainerRun>;
  readonly #ready = new Set<string>();
  readonly #moments: PodAdvance["moments"][number][] = [];
  readonly #timings: WorkloadTimings;
  readonly #now: number;
  #nextMs: number | undefined;
  /** When the next container may begin. */
  beginMs: number;

  constructor(
    pod: KubeObject,
    from: PodRun,
    { timings, now }: { readonly timings: WorkloadTimings; readonly now: number },
  ) {
    this.#pod = pod;
    this.#run = new Map(from);
    this.#timings = timings;
    this.#now = now;
    this.beginMs = now;
  }

  /** Advances an init container; true when what comes after it may begin. */
  passes(container: PodContainer): boolean {
    const run = this.advance(container, this.beginMs);
    const hasPassed = container.role === "sidecar" ? hasStarted(run) : run.ended?.code === 0;
    if (hasPassed) this.beginMs = run.sinceMs;
    return hasPassed;
  }

  advance(container: PodContainer, beginMs: number): ContainerRun {
    const circumstances = this.#circumstances(container);
    const from = this.#run.get(container.name) ?? { phase: "creating", sinceMs: beginMs, restarts: 0 };
    const { run, moments, nextMs } = advanceContainer(from, circumstances);
    this.#run.set(container.name, run);
    this.#moments.push(...moments.map((moment) => ({ container, moment })));
    if (nextMs !== undefined) this.#nextMs = Math.min(nextMs, this.#nextMs ?? Infinity);
    if (isRunReady(run, circumstances)) this.#ready.add(container.name);
    return run;
  }

  /** Sidecars run as long as one of the others does. */
  stopSidecars(first: readonly PodContainer[], main: readonly PodContainer[]): void {
    const runs = main.flatMap(({ name }) => this.#run.get(name) ?? []);
    if (runs.some(({ phase }) => phase !== "ended")) return;
    for (const { name, role } of first) {
      const run = this.#run.get(name);
      if (role !== "sidecar" || run === undefined || run.phase === "ended") continue;
      this.#run.set(name, endRun(run, { code: 0, reason: "Completed", atMs: this.#now }));
      this.#ready.delete(name);
    }
  }

  result(): PodAdvance {
    return { run: this.#run, ready: this.#ready, moments: this.#moments, nextMs: this.#nextMs };
  }

  #circumstances({ container, role }: PodContainer): Circumstances {
    const policy = restartPolicyOf(this.#pod);
    return {
      behaviour: behaviourOf({ pod: this.#pod, container, role }, this.#timings),
      restarts: restartsOf(role, policy),
      timings: this.#timings,
      now: this.#now,
    };
  }
}

/** Runs, or has run. */
export function hasStarted(run: ContainerRun | undefined): boolean {
  return run !== undefined && (run.phase === "running" || run.ended !== undefined);
}

/** An init container that succeeded is done, whatever the pod's policy. */
function restartsOf(role: ContainerRole, policy: Circumstances["restarts"]): Circumstances["restarts"] {
  if (role === "sidecar") return "Always";
  return role === "init" && policy === "Always" ? "OnFailure" : policy;
}
