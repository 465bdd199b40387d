import { createHash } from "node:crypto";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { nameOf, namespaceOf, present, uidOf } from "../base/owned.ts";
import type { WorkloadTimings } from "../timings.ts";
import type { ContainerRun, Ended } from "./container-run.ts";
import { restartPause } from "./container-run.ts";
import type { PodContainer } from "./pod-run.ts";
import { hasStarted } from "./pod-run.ts";

interface StatusInput {
  readonly pod: KubeObject;
  /** Undefined for a container that has not begun. */
  readonly run: ContainerRun | undefined;
  readonly isReady: boolean;
  /** While it is being created: whether the pod has init containers. */
  readonly isInitialized: boolean;
  readonly timings: WorkloadTimings;
}

/** What a pod's status says of a container. */
export function containerStatus(container: PodContainer, input: StatusInput): JsonObject {
  const { run, isReady } = input;
  const image = imageOf(container);
  const hasRun = hasStarted(run);
  const isDone = container.role === "init" && run?.phase === "ended" && run.ended?.code === 0;
  return present({
    containerID: hasRun ? containerId(container, input) : undefined,
    image,
    imageID: hasRun ? imageId(image) : "",
    lastState: run === undefined || run.phase === "ended" ? {} : lastStateOf(container, input),
    name: container.name,
    ready: isReady || isDone,
    restartCount: run?.restarts ?? 0,
    started: run?.phase === "running" && container.role !== "init",
    state: stateOf(container, input),
  });
}

export function imageOf({ container }: PodContainer): string {
  return viewString(container, "image") ?? "";
}

function stateOf(container: PodContainer, input: StatusInput): JsonObject {
  const { run, pod, timings } = input;
  switch (run?.phase) {
    case undefined:
      return waiting("PodInitializing");
    case "creating":
      return waiting(input.isInitialized ? "ContainerCreating" : "PodInitializing");
    case "pull-error":
      return waiting("ErrImagePull", pullError(container));
    case "pull-backoff":
      return waiting("ImagePullBackOff", pullBackoff(container));
    case "running":
      return { running: { startedAt: formatTime(run.sinceMs) } };
    case "backoff": {
      const seconds = Math.round(restartPause(run, { timings }) / 1000);
      return waiting("CrashLoopBackOff", restartBackoff(container, { pod, seconds }));
    }
    case "ended":
      return endedState(container, input, run.ended);
  }
}

function waiting(reason: string, message?: string): JsonObject {
  return { waiting: present({ message, reason }) };
}

export function pullError(container: PodContainer): string {
  const image = imageOf(container);
  return `failed to pull and unpack image ${JSON.stringify(image)}: failed to resolve reference ${JSON.stringify(image)}: ${image}: not found`;
}

export function pullBackoff(container: PodContainer): string {
  return `Back-off pulling image ${JSON.stringify(imageOf(container))}: ErrImagePull: ${pullError(container)}`;
}

function restartBackoff(
  { name }: PodContainer,
  { pod, seconds }: { readonly pod: KubeObject; readonly seconds: number },
): string {
  const wait = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  return `back-off ${wait} restarting failed container=${name} pod=${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`;
}

function lastStateOf(container: PodContainer, input: StatusInput): JsonObject {
  return input.run?.ended === undefined ? {} : endedState(container, input, input.run.ended);
}

function endedState(container: PodContainer, input: StatusInput, ended: Ended | undefined): JsonObject {
  if (ended === undefined) return {};
  return {
    terminated: {
      containerID: containerId(container, input),
      exitCode: ended.code,
      finishedAt: formatTime(ended.finishedMs),
      reason: ended.reason,
      startedAt: formatTime(ended.startedMs),
    },
  };
}

function containerId({ name }: PodContainer, { pod, run }: StatusInput): string {
  return `containerd://${digest(`${uidOf(pod)} ${name} ${run?.restarts ?? 0}`)}`;
}

const imageIds = new Map<string, string>();
const maxImageIds = 1000;

function imageId(image: string): string {
  const known = imageIds.get(image);
  if (known !== undefined) return known;
  const [repository = "", given] = image.split("@");
  const id = `${repository.replace(/:[\w.-]+$/, "")}@${given ?? `sha256:${digest(image)}`}`;
  if (imageIds.size >= maxImageIds) imageIds.clear();
  imageIds.set(image, id);
  return id;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
