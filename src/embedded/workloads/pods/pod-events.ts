import type { KubeObject } from "#core/object/index.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import type { Happening } from "../events/happening.ts";
import { isFinished } from "../base/pod-view.ts";
import { nameOf, namespaceOf, uidOf } from "../base/owned.ts";
import { imageOf, pullBackoff, pullError } from "./container-status.ts";
import type { PodAdvance, PodContainer } from "./pod-run.ts";
import { containersOf } from "./pod-run.ts";

type Told = Pick<Happening, "reason" | "message" | "type">;

/** Tells what happened to a container of a pod. */
export function recordMoment(
  events: EventRecorder,
  pod: KubeObject,
  { container, moment }: PodAdvance["moments"][number],
): void {
  for (const told of tell(pod, container, moment)) {
    events.record({ object: pod, component: "kubelet", fieldPath: fieldPathOf(container), ...told });
  }
}

function tell(
  pod: KubeObject,
  container: PodContainer,
  moment: PodAdvance["moments"][number]["moment"],
): readonly Told[] {
  const image = JSON.stringify(imageOf(container));
  switch (moment) {
    case "started":
      return [
        { reason: "Pulled", message: `Container image ${image} already present on machine` },
        { reason: "Created", message: `Created container: ${container.name}` },
        { reason: "Started", message: `Started container ${container.name}` },
      ];
    case "pull-failed":
      return [
        { reason: "Pulling", message: `Pulling image ${image}` },
        {
          type: "Warning",
          reason: "Failed",
          message: `Failed to pull image ${image}: ${pullError(container)}`,
        },
        { type: "Warning", reason: "Failed", message: "Error: ErrImagePull" },
      ];
    case "pull-backoff":
      return [
        { reason: "BackOff", message: pullBackoff(container).replace(/: ErrImagePull.*$/, "") },
        { type: "Warning", reason: "Failed", message: "Error: ImagePullBackOff" },
      ];
    case "backoff":
      return [
        {
          type: "Warning",
          reason: "BackOff",
          message: `Back-off restarting failed container ${container.name} in pod ${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`,
        },
      ];
  }
}

/** Tells that the containers of a pod are being stopped. */
export function recordStop(events: EventRecorder, pod: KubeObject): void {
  if (isFinished(pod)) return;
  for (const container of containersOf(pod)) {
    if (container.role === "init") continue;
    events.record({
      object: pod,
      component: "kubelet",
      fieldPath: fieldPathOf(container),
      reason: "Killing",
      message: `Stopping container ${container.name}`,
    });
  }
}

function fieldPathOf({ name, role }: PodContainer): string {
  return `spec.${role === "main" ? "containers" : "initContainers"}{${name}}`;
}
