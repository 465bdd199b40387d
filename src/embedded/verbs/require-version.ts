import type { KubeObject } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { Target } from "./api.ts";
import { detailsOf, qualifiedResource } from "./refusals.ts";

/** Kinds that are not overwritten by who has not seen them, beside all custom resources. */
const conditional = new Set([
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "apiextensions.k8s.io/customresourcedefinitions",
  "apiregistration.k8s.io/apiservices",
  "coordination.k8s.io/leases",
  "node.k8s.io/runtimeclasses",
  "policy/poddisruptionbudgets",
]);

/** Who has not seen some objects may not overwrite them. Throws Invalid. */
export function requireVersion({ kind, name }: Target, next: KubeObject): void {
  if (!["", "0"].includes(next.metadata.resourceVersion ?? "")) return;
  if (!kind.isCustom && !conditional.has(kind.resource)) return;
  const field = "metadata.resourceVersion";
  const message = "Invalid value: 0: must be specified for an update";
  const text = `${qualifiedResource(kind)} ${JSON.stringify(name)} is invalid: ${field}: ${message}`;
  throw new ApiError("Invalid", text, {
    ...detailsOf({ kind, name }),
    causes: [{ reason: "FieldValueInvalid", message, field }],
  });
}
