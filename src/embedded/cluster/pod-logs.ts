import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import type { LogRequest } from "../http/options.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { findObject, getObject } from "../verbs/read.ts";
import type { LogLine } from "../workloads/index.ts";
import { readLog } from "../workloads/index.ts";

const followEveryMs = 500;

/** The simulated lines of a pod's container, one after the other; with `follow` those to come as well, until the client leaves. */
export async function* podLog(state: ClusterState, request: LogRequest): AsyncGenerator<string> {
  const lines = printer(request);
  let since = startOf(state, request);
  for (let isFirst = true; ; isFirst = false) {
    const now = state.clock.now();
    const target = { ...request.target, subresource: "" };
    // A pod that goes while its log is followed ends the log.
    const pod = (isFirst ? getObject(state, target) : findObject(state, target))?.object;
    if (pod === undefined) return;
    const found = readLog(pod, {
      now,
      container: request.container,
      previous: request.previous,
      ...(isFirst && request.tailLines !== undefined ? { tailLines: request.tailLines } : {}),
      ...(since === undefined ? {} : { sinceMs: since }),
    });
    yield* lines(found);
    if (!request.follow || request.signal.aborted || hasEnded(pod)) return;
    since = (found.at(-1)?.atMs ?? since ?? 0) + 1;
    await state.clock.sleep(followEveryMs, request.signal);
  }
}

function hasEnded(pod: KubeObject): boolean {
  const phase = viewString(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

function startOf(state: ClusterState, { sinceSeconds, sinceTime }: LogRequest): number | undefined {
  if (sinceSeconds !== undefined) return state.clock.now() - sinceSeconds * 1000;
  return sinceTime === "" ? undefined : Date.parse(sinceTime);
}

/** Prints lines up to the limit of bytes. */
function printer({ timestamps, limitBytes }: LogRequest): (lines: readonly LogLine[]) => Generator<string> {
  let left = limitBytes ?? Infinity;
  return function* print(lines) {
    for (const { atMs, text } of lines) {
      const line = Buffer.from(`${timestamps ? `${new Date(atMs).toISOString()} ` : ""}${text}\n`);
      yield line.subarray(0, Math.max(0, Math.min(left, line.length))).toString();
      left -= line.length;
      if (left <= 0) return;
    }
  };
}
