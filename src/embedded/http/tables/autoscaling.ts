import { type JsonValue, viewArray, viewNumber, viewPath } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { ageColumn, nameColumn, type TableShapes, text } from "./shape.ts";
import { abbreviate, countAt, textAt, valueOr } from "./views.ts";

const maxMetrics = 2;

export const autoscalingShapes: TableShapes = {
  "autoscaling/HorizontalPodAutoscaler": {
    columns: [
      nameColumn,
      ...["Reference", "Targets", "MinPods", "MaxPods", "Replicas"].map((name) => text(name)),
      ageColumn,
    ],
    cells: (object, nowMs) => [
      object.metadata.name ?? "",
      `${textAt(object, "spec", "scaleTargetRef", "kind")}/${textAt(object, "spec", "scaleTargetRef", "name")}`,
      targets(object),
      valueOr("<unset>", object, "spec", "minReplicas"),
      countAt(object, "spec", "maxReplicas"),
      countAt(object, "status", "currentReplicas"),
      ageOf(object, nowMs),
    ],
  },
};

function targets(object: JsonValue): string {
  const specs = metricsOf(object);
  if (specs.length === 0) return "<none>";
  const current = viewArray(object, "status", "currentMetrics");
  const texts = specs.map((spec, at) => metricText(spec, current[at]));
  return abbreviate(texts, maxMetrics, ", ");
}

/** Version 1 knows one metric, in fields of its own. */
function metricsOf(object: JsonValue): readonly JsonValue[] {
  const percent = viewNumber(object, "spec", "targetCPUUtilizationPercentage");
  if (percent === undefined) return viewArray(object, "spec", "metrics");
  return [{ type: "Resource", resource: { name: "cpu", target: { averageUtilization: percent } } }];
}

const fields = new Map([
  ["External", "external"],
  ["Pods", "pods"],
  ["Object", "object"],
  ["Resource", "resource"],
  ["ContainerResource", "containerResource"],
]);

function metricText(spec: JsonValue, status: JsonValue | undefined): string {
  const type = textAt(spec, "type");
  const field = fields.get(type);
  if (field === undefined) return "<unknown type>";
  const target = viewPath(spec, field, "target");
  const current = viewPath(status, field, "current");
  const average = valueOr("", target, "averageValue");
  const now = (name: string): string => valueOr("<unknown>", current, name);
  if (type === "Resource" || type === "ContainerResource") {
    const name = textAt(spec, field, "name");
    if (average !== "") return `${name}: ${now("averageValue")}/${average}`;
    return `${name}: ${percent(current, "<unknown>")}/${percent(target, "<auto>")}`;
  }
  if (type === "Pods") return `${now("averageValue")}/${average}`;
  if (average !== "") return `${now("averageValue")}/${average} (avg)`;
  return `${now("value")}/${valueOr("0", target, "value")}`;
}

function percent(value: JsonValue | undefined, none: string): string {
  const found = viewNumber(value, "averageUtilization");
  return found === undefined ? none : `${found}%`;
}
