import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { ApiError } from "../../api-error.ts";
import { nameOf } from "../base/owned.ts";
import { nodeOf } from "../base/pod-view.ts";
import { annotationOf } from "./behaviour.ts";
import { parseDurationMs } from "./duration.ts";
import type { PodContainer } from "./pod-run.ts";
import { containersOf } from "./pod-run.ts";

export interface LogOptions {
  /** Milliseconds since the Unix epoch, as all times here. */
  readonly now: number;
  /** May be left out for a pod with one container. */
  readonly container?: string;
  /** The log of the run before the current one. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  /** Lines from this time on. */
  readonly sinceMs?: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

const maxLines = 1000;
const beatMs = 10_000;

/**
 * What a simulated container has written so far: the same lines for the same pod and time, the last thousand of them. Who follows
 * asks again for what came later. Throws BadRequest in the kubelet's words when there is no log.
 */
export function readLog(pod: KubeObject, options: LogOptions): readonly LogLine[] {
  const container = findContainer(pod, options.container);
  const run = findRun(pod, container, options);
  const lines = linesOf(pod, container, run).filter(({ atMs }) => atMs >= (options.sinceMs ?? 0));
  return options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines));
}

function findContainer(pod: KubeObject, name = ""): PodContainer {
  const all = containersOf(pod);
  if (nodeOf(pod) === "") throw refusal(`pod ${nameOf(pod)} does not have a host assigned`);
  const main = all.filter(({ role }) => role === "main");
  if (name === "" && main.length > 1) {
    const names = main.map((each) => each.name).join(" ");
    throw refusal(`a container name must be specified for pod ${nameOf(pod)}, choose one of: [${names}]`);
  }
  const found = name === "" ? main[0] : all.find((each) => each.name === name);
  if (found === undefined) throw refusal(`container ${name} is not valid for pod ${nameOf(pod)}`);
  return found;
}

function refusal(message: string): ApiError {
  return new ApiError("BadRequest", message);
}

interface Run {
  readonly startMs: number;
  /** Now for one that still runs. */
  readonly endMs: number;
  /** Undefined for one that still runs. */
  readonly exitCode: number | undefined;
}

function findRun(pod: KubeObject, { name }: PodContainer, { previous = false, now }: LogOptions): Run {
  const status = [
    ...viewArray(pod, "status", "initContainerStatuses"),
    ...viewArray(pod, "status", "containerStatuses"),
  ].find((each) => viewString(each, "name") === name);
  const state = viewObject(status, "state");
  const last = endedRun(viewObject(status, "lastState"));
  if (previous) {
    if (last !== undefined) return last;
    throw refusal(
      `previous terminated container ${JSON.stringify(name)} in pod ${JSON.stringify(nameOf(pod))} not found`,
    );
  }
  if (isJsonObject(state["running"])) {
    return { startMs: timeOf(state["running"], "startedAt"), endMs: now, exitCode: undefined };
  }
  const run = endedRun(state) ?? last;
  if (run !== undefined) return run;
  const reason = viewString(state, "waiting", "reason") ?? "ContainerCreating";
  throw refusal(
    `container ${JSON.stringify(name)} in pod ${JSON.stringify(nameOf(pod))} is waiting to start: ${waits[reason] ?? reason}`,
  );
}

const waits: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};

function endedRun(state: JsonObject): Run | undefined {
  const { terminated } = state;
  if (!isJsonObject(terminated)) return undefined;
  return {
    startMs: timeOf(terminated, "startedAt"),
    endMs: timeOf(terminated, "finishedAt"),
    exitCode: viewNumber(terminated, "exitCode") ?? 0,
  };
}

function timeOf(state: JsonObject, field: string): number {
  return Date.parse(viewString(state, field) ?? "") || 0;
}

function linesOf(pod: KubeObject, container: PodContainer, run: Run): readonly LogLine[] {
  const said = (name: string) => annotationOf({ pod, ...container }, name);
  const text = said("log");
  const every = parseDurationMs(said("log-every") ?? "") ?? (text === undefined ? beatMs : Infinity);
  const first = (text ?? `${container.name}: started`).split("\n");
  const beat = text === undefined ? undefined : first;
  const count = every > 0 && Number.isFinite(every) ? Math.floor((run.endMs - run.startMs) / every) : 0;
  const from = Math.max(1, count - maxLines + 1);
  const beats = Array.from({ length: Math.max(0, count - from + 1) }, (_, index) => from + index);
  const lines = [
    ...first.map((line) => ({ atMs: run.startMs, text: line })),
    ...beats.flatMap((number) =>
      (beat ?? [`${container.name}: still running (${number})`]).map((line) => ({
        atMs: run.startMs + number * every,
        text: line,
      })),
    ),
    ...lastWords(container, run),
  ];
  return lines.slice(-maxLines);
}

function lastWords({ name }: PodContainer, { exitCode, endMs }: Run): readonly LogLine[] {
  if (exitCode === undefined || exitCode === 137) return [];
  return [{ atMs: endMs, text: `${name}: exits with code ${exitCode}` }];
}
