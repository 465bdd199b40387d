import { isJsonObject, type JsonValue, viewArray, viewPath } from "#core/object/index.ts";
import { since } from "./age.ts";
import { conditionStatus, countAt, textAt } from "./views.ts";

export interface PodStatus {
  readonly ready: string;
  readonly reason: string;
  readonly restarts: string;
}

/** Containers in the order of a pod's life: what has been seen so far. */
interface Tally {
  readonly ready: number;
  readonly restarts: number;
  /** The last time a container ended before its restart. */
  readonly lastRestart: string;
  readonly reason: string;
}

interface InitTally extends Tally {
  readonly initializing: boolean;
  /** The same of sidecars alone, which go on when the pod has started. */
  readonly sidecarRestarts: number;
  readonly lastSidecarRestart: string;
}

/** READY, STATUS and RESTARTS as `kubectl get pods` shows them. */
export function podStatus(pod: JsonValue, nowMs: number): PodStatus {
  const sidecars = sidecarsOf(pod);
  const init = tallyInit(pod, sidecars, reasonOf(pod));
  const started = !init.initializing || conditionStatus(pod, "Initialized") === "True";
  const tally = started ? tallyMain(pod, init) : init;
  const total = viewArray(pod, "spec", "containers").length + sidecars.size;
  const ago =
    tally.restarts !== 0 && tally.lastRestart !== "" ? ` (${since(tally.lastRestart, nowMs)} ago)` : "";
  return {
    ready: `${tally.ready}/${total}`,
    reason: deletionReason(pod) ?? tally.reason,
    restarts: `${tally.restarts}${ago}`,
  };
}

function reasonOf(pod: JsonValue): string {
  const gated = viewArray(pod, "status", "conditions").some(
    (condition) =>
      textAt(condition, "type") === "PodScheduled" && textAt(condition, "reason") === "SchedulingGated",
  );
  if (gated) return "SchedulingGated";
  const reason = textAt(pod, "status", "reason");
  return reason === "" ? textAt(pod, "status", "phase") : reason;
}

function deletionReason(pod: JsonValue): string | undefined {
  if (viewPath(pod, "metadata", "deletionTimestamp") === undefined) return undefined;
  if (textAt(pod, "status", "reason") === "NodeLost") return "Unknown";
  const phase = textAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed" ? undefined : "Terminating";
}

function sidecarsOf(pod: JsonValue): ReadonlySet<string> {
  const always = viewArray(pod, "spec", "initContainers").filter(
    (container) => textAt(container, "restartPolicy") === "Always",
  );
  return new Set(always.map((container) => textAt(container, "name")));
}

function tallyInit(pod: JsonValue, sidecars: ReadonlySet<string>, reason: string): InitTally {
  const statuses = viewArray(pod, "status", "initContainerStatuses");
  const total = viewArray(pod, "spec", "initContainers").length;
  let tally: InitTally = {
    ready: 0,
    restarts: 0,
    lastRestart: "",
    reason,
    initializing: false,
    sidecarRestarts: 0,
    lastSidecarRestart: "",
  };
  for (const [at, status] of statuses.entries()) {
    const isSidecar = sidecars.has(textAt(status, "name"));
    tally = addRestarts(tally, status, isSidecar);
    if (hasSucceeded(status)) continue;
    if (isSidecar && viewPath(status, "started") === true) {
      if (viewPath(status, "ready") === true) tally = { ...tally, ready: tally.ready + 1 };
      continue;
    }
    return { ...tally, reason: initReason(status, `Init:${at}/${total}`), initializing: true };
  }
  return tally;
}

function addRestarts(tally: InitTally, status: JsonValue, isSidecar: boolean): InitTally {
  const restarts = countAt(status, "restartCount");
  const ended = textAt(status, "lastState", "terminated", "finishedAt");
  return {
    ...tally,
    restarts: tally.restarts + restarts,
    lastRestart: later(tally.lastRestart, ended),
    sidecarRestarts: tally.sidecarRestarts + (isSidecar ? restarts : 0),
    lastSidecarRestart: isSidecar ? later(tally.lastSidecarRestart, ended) : tally.lastSidecarRestart,
  };
}

function hasSucceeded(status: JsonValue): boolean {
  return viewPath(status, "state", "terminated", "exitCode") === 0;
}

function initReason(status: JsonValue, progress: string): string {
  const terminated = viewPath(status, "state", "terminated");
  if (isJsonObject(terminated)) return `Init:${terminationReason(terminated)}`;
  const waiting = textAt(status, "state", "waiting", "reason");
  return waiting === "" || waiting === "PodInitializing" ? progress : `Init:${waiting}`;
}

function terminationReason(terminated: JsonValue): string {
  const reason = textAt(terminated, "reason");
  if (reason !== "") return reason;
  const signal = countAt(terminated, "signal");
  return signal === 0 ? `ExitCode:${countAt(terminated, "exitCode")}` : `Signal:${signal}`;
}

function tallyMain(pod: JsonValue, init: InitTally): Tally {
  let { ready, reason } = init;
  let [restarts, lastRestart] = [init.sidecarRestarts, init.lastSidecarRestart];
  let [hasRunning, errorReason] = [false, ""];
  for (const status of viewArray(pod, "status", "containerStatuses").toReversed()) {
    restarts += countAt(status, "restartCount");
    lastRestart = later(lastRestart, textAt(status, "lastState", "terminated", "finishedAt"));
    const waiting = textAt(status, "state", "waiting", "reason");
    const terminated = viewPath(status, "state", "terminated");
    if (waiting !== "") {
      reason = waiting;
    } else if (isJsonObject(terminated)) {
      reason = terminationReason(terminated);
      if (countAt(terminated, "exitCode") !== 0) errorReason = reason;
    } else if (viewPath(status, "ready") === true && isJsonObject(viewPath(status, "state", "running"))) {
      hasRunning = true;
      ready += 1;
    }
  }
  return { ready, restarts, lastRestart, reason: completedReason(pod, reason, { hasRunning, errorReason }) };
}

/** A pod of which one container has ended and another runs has not completed. */
function completedReason(
  pod: JsonValue,
  reason: string,
  { hasRunning, errorReason }: { readonly hasRunning: boolean; readonly errorReason: string },
): string {
  if (reason !== "Completed") return reason;
  if (hasRunning && conditionStatus(pod, "Ready") === "True") return "Running";
  if (errorReason !== "") return errorReason;
  return hasRunning ? "NotReady" : reason;
}

function later(a: string, b: string): string {
  return b !== "" && (a === "" || Date.parse(b) > Date.parse(a)) ? b : a;
}
