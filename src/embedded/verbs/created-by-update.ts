import type { Target } from "./api.ts";

const rbac = "rbac.authorization.k8s.io";

/** Kinds that a PUT may make: what clients write without looking first. */
const creatable = new Set([
  "/endpoints",
  "/events",
  "/limitranges",
  "/services",
  "coordination.k8s.io/leases",
  "events.k8s.io/events",
  `${rbac}/clusterrolebindings`,
  `${rbac}/clusterroles`,
  `${rbac}/rolebindings`,
  `${rbac}/roles`,
]);

/** Whether an update of what is not there makes it; of a Service even one of its status. */
export function isCreatedByUpdate({ kind, subresource }: Target): boolean {
  return creatable.has(kind.resource) && (subresource === "" || kind.resource === "/services");
}
