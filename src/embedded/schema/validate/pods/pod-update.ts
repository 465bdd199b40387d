import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewNumber, viewObject } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { forbidden } from "../field-errors.ts";

const changeable =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** Once made, a pod's spec stays but for images, a shorter deadline and more tolerations. */
export function checkPodUpdate(next: JsonObject, live: JsonObject): readonly FieldError[] {
  const [after, before] = [viewObject(next, "spec"), viewObject(live, "spec")];
  for (const field of ["containers", "initContainers"]) {
    if (viewArray(after, field).length !== viewArray(before, field).length) {
      return [forbidden(`spec.${field}`, "pod updates may not add or remove containers")];
    }
  }
  const isKept =
    hasAll(viewArray(after, "tolerations"), viewArray(before, "tolerations")) && isShorter(after, before);
  return isKept && jsonEqual(fixedPart(after, before), fixedPart(before, before))
    ? []
    : [forbidden("spec", changeable)];
}

function hasAll(items: readonly JsonValue[], wanted: readonly JsonValue[]): boolean {
  return wanted.every((item) => items.some((other) => jsonEqual(item, other)));
}

function isShorter(after: JsonObject, before: JsonObject): boolean {
  const [next, last] = [
    viewNumber(after, "activeDeadlineSeconds"),
    viewNumber(before, "activeDeadlineSeconds"),
  ];
  return last === undefined || (next !== undefined && next <= last);
}

function fixedPart(spec: JsonObject, before: JsonObject): JsonObject {
  const { activeDeadlineSeconds: _, tolerations: __, schedulingGates, ...rest } = spec;
  const withoutImages = (field: string): readonly JsonValue[] =>
    viewArray(spec, field).map((container) => {
      if (!isJsonObject(container)) return container;
      const { image: ___, ...kept } = container;
      return kept;
    });
  // A pod that still waits to be scheduled may be told where it can run, and its gates may open.
  const isGated = viewArray(before, "schedulingGates").length > 0;
  const { nodeSelector, affinity, ...scheduled } = rest;
  return {
    ...(isGated ? scheduled : { ...scheduled, nodeSelector, affinity, schedulingGates }),
    containers: withoutImages("containers"),
    initContainers: withoutImages("initContainers"),
  };
}
