import { annotationKey } from "#core/tracking/index.ts";
import type { HealthCheck } from "./check.ts";
import { statusConditions } from "./check.ts";
import type { Fields } from "./fields.ts";
import type { Health } from "./health.ts";
import { health } from "./health.ts";

/**
 * A pod that is restarted is judged by whether it runs; one that is not (Never, OnFailure) is work to be done, so it is
 * Progressing until it ends. Failing it earlier would end a hook that Kubernetes may still run after the sync is over.
 */
export const podHealth: HealthCheck = (object) => {
  const staysUp = isMeantToStayUp(object);
  const stuck = staysUp ? stuckContainers(object) : [];
  if (stuck.length > 0) return health("Degraded", stuck.filter((message) => message !== "").join(", "));
  const message = object.string("status", "message");
  switch (object.string("status", "phase")) {
    case "Pending":
      return health("Progressing", message);
    case "Running":
      return staysUp ? runningHealth(object, message) : health("Progressing", message);
    case "Succeeded":
      return health("Healthy", message);
    case "Failed":
      return health("Degraded", message || failureOf(object));
    default:
      return health("Unknown", message);
  }
};

function isMeantToStayUp(object: Fields): boolean {
  if (object.string("metadata", "annotations", annotationKey.ignoreRestartPolicy) === "true") return true;
  const policy = object.string("spec", "restartPolicy");
  return policy === "Always" || policy === "";
}

/** Messages of containers that Kubernetes keeps failing to start: ErrImagePull, CrashLoopBackOff, RunContainerError. */
function stuckContainers(object: Fields): readonly string[] {
  return object
    .list("status", "containerStatuses")
    .filter((container) => /^Err|Error$|BackOff$/.test(container.string("state", "waiting", "reason")))
    .map((container) => container.string("state", "waiting", "message"));
}

function runningHealth(object: Fields, message: string): Health {
  const ready = statusConditions(object).some(({ type, status }) => type === "Ready" && status === "True");
  if (ready) return health("Healthy", message);
  const restarted = object
    .list("status", "containerStatuses")
    .some((container) => container.has("lastState", "terminated"));
  return health(restarted ? "Degraded" : "Progressing", message);
}

function failureOf(object: Fields): string {
  const containers = [
    ...object.list("status", "initContainerStatuses"),
    ...object.list("status", "containerStatuses"),
  ];
  return containers.map(failureOfContainer).find((message) => message !== "") ?? "";
}

function failureOfContainer(container: Fields): string {
  const message = container.string("state", "terminated", "message");
  if (message !== "") return message;
  if (container.string("state", "terminated", "reason") === "OOMKilled") return "OOMKilled";
  const exitCode = container.count("state", "terminated", "exitCode");
  if (exitCode === 0) return "";
  return `container ${JSON.stringify(container.string("name"))} failed with exit code ${exitCode}`;
}
