import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import type { TestCluster } from "./testing.ts";

/** One line for each pod: what `kubectl get pods` shows. */
export function podLines(cluster: TestCluster): readonly string[] {
  return cluster.list("Pod").map((pod) => {
    const containers = viewArray(pod, "status", "containerStatuses").filter(isJsonObject);
    const ready = containers.filter((each) => each["ready"] === true).length;
    const restarts = containers.reduce((sum, each) => sum + (viewNumber(each, "restartCount") ?? 0), 0);
    const restarted = restarts === 0 ? "" : ` (${restarts} restarts)`;
    return `${pod.metadata.name} ${ready}/${containers.length} ${statusText(pod, containers)}${restarted}`;
  });
}

function statusText(pod: KubeObject, containers: readonly JsonObject[]): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  for (const { state } of containers) {
    const reason = viewString(state, "waiting", "reason") ?? viewString(state, "terminated", "reason");
    if (reason !== undefined) return reason;
  }
  return viewString(pod, "status", "phase") ?? "";
}

/** One line for each condition of an object, without its times. */
export function conditionLines(object: KubeObject | undefined): readonly string[] {
  return viewArray(object, "status", "conditions").map((condition) => {
    const [type, status] = [viewString(condition, "type"), viewString(condition, "status")];
    return [`${type}=${status}`, viewString(condition, "reason"), viewString(condition, "message")]
      .filter((part) => part !== undefined && part !== "")
      .join(" ");
  });
}

/** The status without conditions: the numbers. */
export function countsIn(object: KubeObject | undefined): JsonObject {
  const { conditions: _conditions, ...counts } = viewObject(object, "status");
  return counts;
}

/** One line for each event, in the order in which they were made. */
export function eventLines(cluster: TestCluster): readonly string[] {
  const events = cluster.list("Event").toSorted((a, b) => serialOf(a) - serialOf(b));
  return events.map((event) => {
    const count = viewNumber(event, "count") ?? 0;
    const [reason, message] = [viewString(event, "reason"), viewString(event, "message")];
    return `${viewString(event, "involvedObject", "kind")} ${reason}: ${message}${count > 1 ? ` (x${count})` : ""}`;
  });
}

/** How a cluster changes while time passes, without repetitions. */
export function story(
  cluster: TestCluster,
  ms: number,
  tell: (cluster: TestCluster) => string,
): readonly string[] {
  const lines: string[] = [];
  for (let passed = 0; passed < ms; passed += 50) {
    cluster.clock.advance(50);
    const line = tell(cluster);
    if (line !== lines.at(-1)) lines.push(line);
  }
  return lines;
}

function serialOf({ metadata }: KubeObject): number {
  return Number.parseInt(metadata.name?.split(".").at(-1) ?? "", 16);
}
