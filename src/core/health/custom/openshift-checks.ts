import type { HealthCheck } from "../check.ts";
import type { Fields } from "../fields.ts";
import { health } from "../health.ts";
import { conditionOf, hasStatus, wordsOf } from "./conditions.ts";

/** A Route is served by routers, each of which admits it or not. */
export const openshiftRouteHealth: HealthCheck = (object) => {
  const admitted = object
    .list("status", "ingress")
    .map((router) => conditionOf(router.list("conditions"), "Admitted"))
    .filter((condition) => condition !== undefined);
  const refused = admitted.find((condition) => hasStatus(condition, "False"));
  if (refused !== undefined) return health("Degraded", wordsOf(refused));
  if (admitted.some((condition) => hasStatus(condition, "True"))) return health("Healthy");
  return health("Progressing", "Waiting for a router to admit the Route");
};

/** What a Subscription of the Operator Lifecycle Manager has failed at, whatever its state. */
const failures = ["CatalogSourcesUnhealthy", "InstallPlanFailed", "ResolutionFailed", "BundleUnpackFailed"];

export const subscriptionHealth: HealthCheck = (object) => {
  const conditions = object.list("status", "conditions");
  const failed = failures
    .map((type) => heldOf(conditions, type))
    .find((condition) => condition !== undefined);
  if (failed !== undefined) return health("Degraded", wordsOf(failed));
  const pending = heldOf(conditions, "InstallPlanPending");
  const manual = object.words("spec", "installPlanApproval") === "Manual";
  if (pending !== undefined && manual && pending.words("reason") === "RequiresApproval") {
    return health("Suspended", wordsOf(pending));
  }
  const state = object.words("status", "state");
  if (state === "AtLatestKnown") return health("Healthy", state);
  // An update that somebody must approve does not make what runs wrong.
  if (state === "UpgradePending" && manual && object.filled("status", "installedCSV")) {
    return health("Healthy", "an update waits for approval");
  }
  return health("Progressing", state === "" ? "Waiting for status.state" : `status.state is ${state}`);
};

function heldOf(conditions: readonly Fields[], type: string): Fields | undefined {
  const condition = conditionOf(conditions, type);
  return condition !== undefined && hasStatus(condition, "True") ? condition : undefined;
}
