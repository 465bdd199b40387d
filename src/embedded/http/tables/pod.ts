import { type JsonValue, viewArray, viewPath } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { podStatus } from "./pod-status.ts";
import { ageColumn, nameColumn, type TableShapes, text, wide } from "./shape.ts";
import { formatLabels } from "./selector.ts";
import { conditionStatus, containerCells, textAt, textOr } from "./views.ts";

const endings = new Map([
  ["Succeeded", "The pod has completed successfully."],
  ["Failed", "The pod failed."],
]);

export const podShapes: TableShapes = {
  "/Pod": {
    columns: [
      nameColumn,
      text("Ready"),
      text("Status"),
      text("Restarts"),
      ageColumn,
      ...["IP", "Node", "Nominated Node", "Readiness Gates"].map((name) => wide(text(name))),
    ],
    cells: (pod, nowMs) => {
      const { ready, reason, restarts } = podStatus(pod, nowMs);
      return [
        pod.metadata.name ?? "",
        ready,
        reason,
        restarts,
        ageOf(pod, nowMs),
        textOr("<none>", viewArray(pod, "status", "podIPs")[0], "ip"),
        textOr("<none>", pod, "spec", "nodeName"),
        textOr("<none>", pod, "status", "nominatedNodeName"),
        readinessGates(pod),
      ];
    },
    conditions: (pod) => {
      const phase = textAt(pod, "status", "phase");
      const message = endings.get(phase);
      return message === undefined ? [] : [{ type: "Completed", status: "True", reason: phase, message }];
    },
  },
  "/PodTemplate": {
    columns: [nameColumn, text("Containers"), text("Images"), text("Pod Labels")],
    cells: (object) => {
      const template = object["template"];
      const podSpec = viewPath(template, "spec");
      return [
        object.metadata.name ?? "",
        ...containerCells(podSpec),
        formatLabels(viewPath(template, "metadata", "labels")),
      ];
    },
  },
};

function readinessGates(pod: JsonValue): string {
  const gates = viewArray(pod, "spec", "readinessGates");
  if (gates.length === 0) return "<none>";
  const open = gates.filter((gate) => conditionStatus(pod, textAt(gate, "conditionType")) === "True");
  return `${open.length}/${gates.length}`;
}
