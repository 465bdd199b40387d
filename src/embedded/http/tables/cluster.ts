import { type JsonValue, type KubeObject, labelsOf, viewArray, viewPath } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { ageColumn, count, flag, nameColumn, type TableShapes, text, wide } from "./shape.ts";
import { conditionStatus, countAt, textAt, textOr } from "./views.ts";

const rolePrefix = "node-role.kubernetes.io/";

export const clusterShapes: TableShapes = {
  "/Node": {
    columns: [
      nameColumn,
      text("Status"),
      text("Roles"),
      ageColumn,
      text("Version"),
      ...["Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime"].map((name) =>
        wide(text(name)),
      ),
    ],
    cells: (node, nowMs) => [
      node.metadata.name ?? "",
      nodeStatus(node),
      nodeRoles(node),
      ageOf(node, nowMs),
      textAt(node, "status", "nodeInfo", "kubeletVersion"),
      addressOf(node, "InternalIP"),
      addressOf(node, "ExternalIP"),
      textOr("<unknown>", node, "status", "nodeInfo", "osImage"),
      kernel(node),
      textOr("<unknown>", node, "status", "nodeInfo", "containerRuntimeVersion"),
    ],
  },
  "/Namespace": {
    columns: [nameColumn, text("Status"), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      textAt(object, "status", "phase"),
      ageOf(object, nowMs),
    ],
  },
  "coordination.k8s.io/Lease": {
    columns: [nameColumn, text("Holder"), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      textAt(object, "spec", "holderIdentity"),
      ageOf(object, nowMs),
    ],
  },
  "scheduling.k8s.io/PriorityClass": {
    columns: [nameColumn, count("Value"), flag("Global-Default"), ageColumn, text("PreemptionPolicy")],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      countAt(object, "value"),
      viewPath(object, "globalDefault") === true,
      ageOf(object, nowMs),
      textAt(object, "preemptionPolicy"),
    ],
  },
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": webhooks(),
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": webhooks(),
};

function webhooks(): TableShapes[string] {
  return {
    columns: [nameColumn, count("Webhooks"), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      viewArray(object, "webhooks").length,
      ageOf(object, nowMs),
    ],
  };
}

function nodeStatus(node: JsonValue): string {
  const ready = conditionStatus(node, "Ready");
  const status = ready === undefined ? "Unknown" : ready === "True" ? "Ready" : "NotReady";
  return viewPath(node, "spec", "unschedulable") === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: KubeObject): string {
  const roles = Object.entries(labelsOf(node)).map(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === "kubernetes.io/role" ? value : "";
  });
  const named = [...new Set(roles)].filter((role) => role !== "").toSorted();
  return named.length === 0 ? "<none>" : named.join(",");
}

function addressOf(node: JsonValue, type: string): string {
  const found = viewArray(node, "status", "addresses").find((address) => textAt(address, "type") === type);
  return textOr("<none>", found, "address");
}

function kernel(node: JsonValue): string {
  const version = textOr("<unknown>", node, "status", "nodeInfo", "kernelVersion");
  const architecture = textAt(node, "status", "nodeInfo", "architecture");
  return architecture === "" ? version : `${version} (${architecture})`;
}
