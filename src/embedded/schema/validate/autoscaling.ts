import { viewArray, viewNumber, viewObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, fieldAt, itemsOf, type KindCheck, requiredName, supported, text } from "./checks.ts";
import { forbidden, invalid, required } from "./field-errors.ts";
import { isPathSegment } from "./names.ts";
import { checkLabelSelector } from "./selectors.ts";
import { checkIntOrPercent, notAboveAll } from "./strategies.ts";
import { specOf } from "./workloads.ts";

const metricTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"];

export const checkAutoscaler: KindCheck = ({ next }) => {
  const spec = specOf(next);
  const { value } = spec;
  const [min, max] = [viewNumber(value, "minReplicas") ?? 1, viewNumber(value, "maxReplicas") ?? 0];
  const target = viewObject(value, "scaleTargetRef");
  const errors: FieldError[] = [
    ...requiredName("spec.scaleTargetRef.kind", text(target, "kind"), isPathSegment),
    ...requiredName("spec.scaleTargetRef.name", text(target, "name"), isPathSegment),
  ];
  if (target["apiVersion"] === undefined) {
    errors.push(invalid("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group"));
  }
  if (min < 0) errors.push(invalid("spec.minReplicas", min, "must be greater than or equal to 0"));
  const hasScalable = viewArray(value, "metrics").some((metric) =>
    ["Object", "External"].includes(text(metric, "type")),
  );
  if (min === 0 && !hasScalable) {
    errors.push(
      forbidden(
        "spec.metrics",
        "must specify at least one Object or External metric to support scaling to zero replicas",
      ),
    );
  }
  if (max < 1)
    errors.push(
      max === 0 ? required("spec.maxReplicas") : invalid("spec.maxReplicas", max, "must be greater than 0"),
    );
  if (max < min)
    errors.push(invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`"));
  return [...errors, ...itemsOf(value, "metrics", "spec").flatMap((metric) => checkMetric(metric))];
};

function checkMetric(metric: At): readonly FieldError[] {
  const type = text(metric.value, "type");
  if (type === "") return [required(`${metric.path}.type`, "must specify a metric source type")];
  const field = type.slice(0, 1).toLowerCase() + type.slice(1);
  if (!metricTypes.includes(type)) return supported(`${metric.path}.type`, type, metricTypes);
  const source = fieldAt(metric, field);
  const detail = "must populate information for the given metric source";
  return source === undefined ? [required(`${metric.path}.${field}`, detail)] : [];
}

export const checkDisruptionBudget: KindCheck = ({ next }) => {
  const spec = specOf(next);
  const { value } = spec;
  const selector = fieldAt(spec, "selector");
  const errors: FieldError[] = [];
  if (value["minAvailable"] !== undefined && value["maxUnavailable"] !== undefined) {
    const shown = {
      MinAvailable: value["minAvailable"],
      Selector: value["selector"] ?? null,
      MaxUnavailable: value["maxUnavailable"],
      UnhealthyPodEvictionPolicy: value["unhealthyPodEvictionPolicy"] ?? null,
    };
    errors.push(invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const field of ["minAvailable", "maxUnavailable"]) {
    errors.push(
      ...checkIntOrPercent(`spec.${field}`, value[field]),
      ...notAboveAll(`spec.${field}`, value[field]),
    );
  }
  errors.push(
    ...supported("spec.unhealthyPodEvictionPolicy", value["unhealthyPodEvictionPolicy"], [
      "AlwaysAllow",
      "IfHealthyBudget",
    ]),
  );
  return selector === undefined ? errors : [...errors, ...checkLabelSelector(selector)];
};
