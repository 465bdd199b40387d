import { viewObject, viewPath } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import {
  ageColumn,
  count,
  nameColumn,
  templateColumns,
  type TableShape,
  type TableShapes,
  text,
} from "./shape.ts";
import { formatLabels, formatSelector, selectorOrNone } from "./selector.ts";
import { containerCells, countAt, textAt } from "./views.ts";

const replicaSet: TableShape = {
  columns: [nameColumn, count("Desired"), count("Current"), count("Ready"), ageColumn, ...templateColumns],
  cells: (object, nowMs) => [
    object.metadata.name ?? "",
    countAt(object, "spec", "replicas"),
    countAt(object, "status", "replicas"),
    countAt(object, "status", "readyReplicas"),
    ageOf(object, nowMs),
    ...containerCells(viewObject(object, "spec", "template", "spec")),
    selectorOrNone(viewPath(object, "spec", "selector")),
  ],
};

const replicationController: TableShape = {
  ...replicaSet,
  cells: (object, nowMs) => [
    ...replicaSet.cells(object, nowMs).slice(0, -1),
    formatLabels(viewPath(object, "spec", "selector")),
  ],
};

const deployment: TableShape = {
  columns: [nameColumn, text("Ready"), text("Up-to-date"), text("Available"), ageColumn, ...templateColumns],
  cells: (object, nowMs) => [
    object.metadata.name ?? "",
    `${countAt(object, "status", "readyReplicas")}/${countAt(object, "spec", "replicas")}`,
    countAt(object, "status", "updatedReplicas"),
    countAt(object, "status", "availableReplicas"),
    ageOf(object, nowMs),
    ...containerCells(viewObject(object, "spec", "template", "spec")),
    formatSelector(viewPath(object, "spec", "selector")),
  ],
};

const statefulSet: TableShape = {
  columns: [nameColumn, text("Ready"), ageColumn, ...templateColumns.slice(0, 2)],
  cells: (object, nowMs) => [
    object.metadata.name ?? "",
    `${countAt(object, "status", "readyReplicas")}/${countAt(object, "spec", "replicas")}`,
    ageOf(object, nowMs),
    ...containerCells(viewObject(object, "spec", "template", "spec")),
  ],
};

const daemonSet: TableShape = {
  columns: [
    nameColumn,
    ...["Desired", "Current", "Ready", "Up-to-date", "Available"].map((name) => count(name)),
    text("Node Selector"),
    ageColumn,
    ...templateColumns,
  ],
  cells: (object, nowMs) => [
    object.metadata.name ?? "",
    countAt(object, "status", "desiredNumberScheduled"),
    countAt(object, "status", "currentNumberScheduled"),
    countAt(object, "status", "numberReady"),
    countAt(object, "status", "updatedNumberScheduled"),
    countAt(object, "status", "numberAvailable"),
    formatLabels(viewPath(object, "spec", "template", "spec", "nodeSelector")),
    ageOf(object, nowMs),
    ...containerCells(viewObject(object, "spec", "template", "spec")),
    selectorOrNone(viewPath(object, "spec", "selector")),
  ],
};

const controllerRevision: TableShape = {
  columns: [nameColumn, text("Controller"), text("Revision"), ageColumn],
  cells: (object, nowMs) => {
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
    const group = textAt(owner, "apiVersion").replace(/\/.*|^[^/]*$/, "");
    const kind = textAt(owner, "kind").toLowerCase();
    const controller =
      owner === undefined ? "<none>" : `${group === "" ? kind : `${kind}.${group}`}/${owner.name}`;
    return [object.metadata.name ?? "", controller, countAt(object, "revision"), ageOf(object, nowMs)];
  },
};

export const workloadShapes: TableShapes = {
  "/ReplicationController": replicationController,
  "apps/ReplicaSet": replicaSet,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "apps/ControllerRevision": controllerRevision,
};
