import type { KubeObject } from "#core/object/index.ts";
import { annotationsOf, viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";

export interface InfoItem {
  readonly name: string;
  readonly value: string;
}

/** What a tree shows beside the name of an object: the state of a Pod as kubectl has it, the revision of a ReplicaSet. */
export function nodeInfo(object: KubeObject): readonly InfoItem[] {
  if (object.kind === "Pod" && object.apiVersion === "v1") return podInfo(object);
  if (object.kind === "ReplicaSet") {
    const revision = annotationsOf(object)["deployment.kubernetes.io/revision"];
    return revision === undefined ? [] : [{ name: "Revision", value: `Rev:${revision}` }];
  }
  return [];
}

function podInfo(pod: KubeObject): readonly InfoItem[] {
  const statuses = viewArray(pod, "status", "containerStatuses").map((one) => viewObject(one));
  const total = viewArray(pod, "spec", "containers").length;
  const ready = statuses.filter((one) => one["ready"] === true).length;
  const restarts = statuses.reduce((sum, one) => sum + Number(one["restartCount"] ?? 0), 0);
  const node = viewString(pod, "spec", "nodeName");
  return [
    { name: "Status Reason", value: reasonOf(pod, statuses) },
    ...(node === undefined ? [] : [{ name: "Node", value: node }]),
    { name: "Containers", value: `${ready}/${total}` },
    ...(restarts === 0 ? [] : [{ name: "Restart Count", value: String(restarts) }]),
  ];
}

/** The first reason for which a container waits or has ended, else the phase. */
function reasonOf(pod: KubeObject, statuses: readonly object[]): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  for (const status of statuses) {
    const reason =
      viewPath(status as never, "state", "waiting", "reason") ??
      viewPath(status as never, "state", "terminated", "reason");
    if (typeof reason === "string" && reason !== "") return reason;
  }
  return viewString(pod, "status", "reason") ?? viewString(pod, "status", "phase") ?? "Unknown";
}
