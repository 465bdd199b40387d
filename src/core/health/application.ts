import type { KubeObject } from "#core/object/index.ts";
import { parseApiVersion } from "#core/object/index.ts";
import type { HealthCheck } from "./check.ts";
import type { Fields } from "./fields.ts";
import { health, isHealthStatus } from "./health.ts";

/**
 * A child Application is as healthy as it says; Progressing until it has said anything. One that waits for somebody to sync it
 * for the first time says nothing: nobody may ever mean to, and its parent would wait for ever.
 */
export const applicationHealth: HealthCheck = (object) => {
  const status = object.string("status", "health", "status");
  if (status === "") return health("Progressing", "Waiting for status.health.status");
  if (!isHealthStatus(status)) {
    return health("Unknown", `status.health.status is ${JSON.stringify(status)}, not a health status`);
  }
  if (status === "Missing" && !isAutomated(object)) return undefined;
  return health(status, object.string("status", "health", "message"));
};

function isAutomated(object: Fields): boolean {
  const automated = ["spec", "syncPolicy", "automated"] as const;
  return object.has(...automated) && object.text(...automated, "enabled") !== "false";
}

/**
 * True for the Application of this instance name itself. An Application may hold its own manifest, but its health must not
 * follow from what it was: nothing could ever change it again. A namesake in another namespace is taken for it, which only
 * leaves that one's health out.
 */
export function isApplicationItself({ apiVersion, kind, metadata }: KubeObject, instance: string): boolean {
  if (kind !== "Application" || parseApiVersion(apiVersion).group !== "argoproj.io") return false;
  return metadata.name === instance || `${metadata.namespace ?? ""}_${metadata.name ?? ""}` === instance;
}
