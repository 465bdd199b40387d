import { type JsonValue, viewObject } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { ageColumn, count, nameColumn, type TableShapes, text } from "./shape.ts";
import { countAt, textAt, valueOr } from "./views.ts";

export const configShapes: TableShapes = {
  "/ConfigMap": {
    columns: [nameColumn, text("Data"), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      sizeOf(object, "data") + sizeOf(object, "binaryData"),
      ageOf(object, nowMs),
    ],
  },
  "/Secret": {
    columns: [nameColumn, text("Type"), text("Data"), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      textAt(object, "type"),
      sizeOf(object, "data"),
      ageOf(object, nowMs),
    ],
  },
  "/ServiceAccount": {
    columns: [nameColumn, ageColumn],
    cells: (object, nowMs) => [object.metadata.name ?? "", ageOf(object, nowMs)],
  },
  "/ResourceQuota": {
    columns: [nameColumn, text("Request"), text("Limit"), ageColumn],
    cells: (quota, nowMs) => [
      quota.metadata.name ?? "",
      quotaText(quota, (name) => !name.startsWith("limits.")),
      quotaText(quota, (name) => name.startsWith("limits.")),
      ageOf(quota, nowMs),
    ],
  },
  "policy/PodDisruptionBudget": {
    columns: [
      nameColumn,
      text("Min Available"),
      text("Max Unavailable"),
      count("Allowed Disruptions"),
      ageColumn,
    ],
    cells: (budget, nowMs) => [
      budget.metadata.name ?? "",
      valueOr("N/A", budget, "spec", "minAvailable"),
      valueOr("N/A", budget, "spec", "maxUnavailable"),
      countAt(budget, "status", "disruptionsAllowed"),
      ageOf(budget, nowMs),
    ],
  },
};

function sizeOf(object: JsonValue, field: string): number {
  return Object.keys(viewObject(object, field)).length;
}

function quotaText(quota: JsonValue, isShown: (resource: string) => boolean): string {
  return Object.keys(viewObject(quota, "status", "hard"))
    .filter((resource) => isShown(resource))
    .toSorted()
    .map((resource) => {
      const used = valueOr("0", quota, "status", "used", resource);
      return `${resource}: ${used}/${valueOr("0", quota, "status", "hard", resource)}`;
    })
    .join(", ");
}
