import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import type { ContainerRun, Ended } from "./container-run.ts";

/** How far a container had come when the simulation was last up; undefined when its status tells of no start. */
export function restoreRun(status: JsonObject, now: number): ContainerRun | undefined {
  const restarts = viewNumber(status, "restartCount") ?? 0;
  const state = viewObject(status, "state");
  const last = endedOf(viewObject(status, "lastState"));
  const before = last === undefined ? { restarts } : { restarts, ended: last };
  if (isJsonObject(state["running"])) {
    return { phase: "running", sinceMs: timeOf(state, "running", "startedAt") || now, ...before };
  }
  const ended = endedOf(state);
  if (ended !== undefined) return { phase: "ended", sinceMs: ended.finishedMs, restarts, ended };
  switch (viewString(state, "waiting", "reason") ?? "") {
    case "ContainerCreating":
      return { phase: "creating", sinceMs: now, restarts };
    case "ErrImagePull":
      return { phase: "pull-error", sinceMs: now, restarts };
    case "ImagePullBackOff":
      return { phase: "pull-backoff", sinceMs: now, restarts };
    case "CrashLoopBackOff":
      return { phase: "backoff", sinceMs: last?.finishedMs ?? now, ...before };
    default:
      return undefined;
  }
}

function endedOf(state: JsonObject): Ended | undefined {
  const terminated = state["terminated"];
  if (!isJsonObject(terminated)) return undefined;
  return {
    code: viewNumber(terminated, "exitCode") ?? 0,
    reason: viewString(terminated, "reason") ?? "",
    startedMs: timeOf(terminated, "startedAt"),
    finishedMs: timeOf(terminated, "finishedAt"),
  };
}

function timeOf(state: JsonObject, ...path: readonly string[]): number {
  return Date.parse(viewString(state, ...path) ?? "") || 0;
}
