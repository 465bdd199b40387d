import type { ServedKind } from "../../kinds/served-kind.ts";
import type { Target } from "../../verbs/api.ts";
import { ageOf } from "./age.ts";
import { autoscalingShapes } from "./autoscaling.ts";
import { clusterShapes } from "./cluster.ts";
import { configShapes } from "./config.ts";
import { customShape } from "./custom.ts";
import { eventShapes } from "./event.ts";
import { jobShapes } from "./jobs.ts";
import { networkShapes } from "./network.ts";
import { podShapes } from "./pod.ts";
import { rbacShapes } from "./rbac.ts";
import { ageColumn, count, nameColumn, type TableShape, type TableShapes, text } from "./shape.ts";
import { storageShapes } from "./storage.ts";
import { countAt } from "./views.ts";
import { workloadShapes } from "./workloads.ts";

const builtIn: TableShapes = {
  ...autoscalingShapes,
  ...clusterShapes,
  ...configShapes,
  ...eventShapes,
  ...jobShapes,
  ...networkShapes,
  ...podShapes,
  ...rbacShapes,
  ...storageShapes,
  ...workloadShapes,
};

/** Of kinds for which kube-apiserver knows no columns, such as roles. */
const otherShape: TableShape = {
  columns: [nameColumn, { ...text("Created At"), type: "date", description: ageColumn.description }],
  cells: ({ metadata }) => [metadata.name ?? "", metadata.creationTimestamp ?? ""],
};

const scaleShape: TableShape = {
  columns: [text("Name"), count("Desired"), count("Available"), ageColumn],
  cells: (object, nowMs) => [
    object.metadata.name ?? "",
    countAt(object, "spec", "replicas"),
    countAt(object, "status", "replicas"),
    ageOf(object, nowMs),
  ],
};

const customShapes = new WeakMap<ServedKind, TableShape>();

/** The columns for what a request is about. */
export function shapeOf(target: Target, own?: (kind: ServedKind) => TableShape | undefined): TableShape {
  const { kind, subresource } = target;
  if (subresource === "scale") return scaleShape;
  const chosen = own?.(kind);
  if (chosen !== undefined) return chosen;
  if (!kind.isCustom) return builtIn[`${kind.group}/${kind.kind}`] ?? otherShape;
  const known = customShapes.get(kind) ?? customShape(kind);
  customShapes.set(kind, known);
  return known;
}
