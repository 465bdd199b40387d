import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Condition } from "../base/conditions.ts";
import { conditionsOf, withCondition } from "../base/conditions.ts";
import { present } from "../base/owned.ts";
import type { WorkloadTimings } from "../timings.ts";
import { containerStatus } from "./container-status.ts";
import type { PodAdvance, PodContainer, PodRun } from "./pod-run.ts";
import { containersOf, hasStarted, restartPolicyOf } from "./pod-run.ts";

/** Where a pod runs. */
export interface Place {
  readonly podIP: string;
  readonly hostIP: string;
}

interface PodStatusInput {
  readonly pod: KubeObject;
  readonly advance: PodAdvance;
  readonly place: Place;
  readonly timings: WorkloadTimings;
  readonly now: number;
}

/** The status that the kubelet writes. */
export function podStatus(input: PodStatusInput): JsonObject {
  const { pod, advance, place, now } = input;
  const phase = podPhase(pod, advance.run);
  const live = viewObject(pod, "status");
  const all = containersOf(pod);
  const first = all.filter(({ role }) => role !== "main");
  const main = all.filter(({ role }) => role === "main");
  const hasBegun = hasSandbox(advance);
  return {
    ...present({ qosClass: live["qosClass"] }),
    phase,
    conditions: podConditions(input, { phase, first, main }),
    hostIP: place.hostIP,
    hostIPs: [{ ip: place.hostIP }],
    ...(hasBegun ? { podIP: place.podIP, podIPs: [{ ip: place.podIP }] } : {}),
    startTime: viewString(live, "startTime") ?? formatTime(now),
    ...(first.length === 0 ? {} : { initContainerStatuses: statusesOf(first, input, true) }),
    containerStatuses: statusesOf(main, input, first.length === 0),
  };
}

function statusesOf(
  containers: readonly PodContainer[],
  { pod, advance, timings }: PodStatusInput,
  isInitialized: boolean,
): readonly JsonObject[] {
  return containers.map((container) =>
    containerStatus(container, {
      pod,
      run: advance.run.get(container.name),
      isReady: advance.ready.has(container.name),
      isInitialized,
      timings,
    }),
  );
}

function podPhase(pod: KubeObject, run: PodRun): string {
  const containers = containersOf(pod);
  const first = containers.filter(({ role }) => role === "init").map(({ name }) => run.get(name));
  if (first.some((each) => each?.phase === "ended" && each.ended?.code !== 0)) {
    return restartPolicyOf(pod) === "Never" ? "Failed" : "Pending";
  }
  const main = containers.filter(({ role }) => role === "main").map(({ name }) => run.get(name));
  if (!main.every(hasStarted)) return "Pending";
  if (main.some((each) => each?.phase !== "ended")) return "Running";
  return main.every((each) => each?.ended?.code === 0) ? "Succeeded" : "Failed";
}

interface Parts {
  readonly phase: string;
  readonly first: readonly PodContainer[];
  readonly main: readonly PodContainer[];
}

function podConditions(input: PodStatusInput, parts: Parts): readonly Condition[] {
  const time = formatTime(input.now);
  const live = conditionsOf(input.pod).filter(
    ({ type, status }) => type !== "PodScheduled" || status === "True",
  );
  const wanted: readonly Condition[] = [
    plain("PodReadyToStartContainers", !hasFinished(parts) && hasSandbox(input.advance)),
    initialized(input, parts),
    readiness("Ready", input, parts),
    readiness("ContainersReady", input, parts),
    plain("PodScheduled", true),
  ];
  return wanted.reduce<readonly Condition[]>((all, condition) => withCondition(all, condition, time), live);
}

function plain(type: string, isTrue: boolean): Condition {
  return { type, status: isTrue ? "True" : "False" };
}

function hasSandbox({ run }: PodAdvance): boolean {
  return [...run.values()].some(({ phase }) => phase !== "creating");
}

function hasFinished({ phase }: Parts): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

function initialized({ advance }: PodStatusInput, { phase, first }: Parts): Condition {
  if (phase === "Succeeded") return { ...plain("Initialized", true), reason: "PodCompleted" };
  const missing = first.filter(({ name, role }) => {
    const run = advance.run.get(name);
    return role === "sidecar" ? !hasStarted(run) : run?.ended?.code !== 0;
  });
  if (missing.length === 0) return plain("Initialized", true);
  const message = `containers with incomplete status: [${missing.map(({ name }) => name).join(" ")}]`;
  return { ...plain("Initialized", false), reason: "ContainersNotInitialized", message };
}

function readiness(type: "Ready" | "ContainersReady", input: PodStatusInput, parts: Parts): Condition {
  const { phase, main, first } = parts;
  if (phase === "Succeeded") return { ...plain(type, false), reason: "PodCompleted" };
  if (phase === "Failed") return { ...plain(type, false), reason: "PodFailed" };
  const counted = [...first.filter(({ role }) => role === "sidecar"), ...main];
  const unready = counted.filter(({ name }) => !input.advance.ready.has(name));
  if (unready.length > 0) {
    const message = `containers with unready status: [${unready.map(({ name }) => name).join(" ")}]`;
    return { ...plain(type, false), reason: "ContainersNotReady", message };
  }
  const closed = type === "Ready" ? closedGate(input.pod) : undefined;
  if (closed === undefined) return plain(type, true);
  const message = `corresponding condition of pod readiness gate ${JSON.stringify(closed)} does not exist.`;
  return { ...plain(type, false), reason: "ReadinessGatesNotReady", message };
}

/** Others say by a condition of their own whether the pod may be ready. */
function closedGate(pod: KubeObject): string | undefined {
  return viewArray(pod, "spec", "readinessGates")
    .filter(isJsonObject)
    .map((gate) => viewString(gate, "conditionType") ?? "")
    .find((wanted) => !conditionsOf(pod).some(({ type, status }) => type === wanted && status === "True"));
}
