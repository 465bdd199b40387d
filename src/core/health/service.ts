import type { HealthCheck } from "./check.ts";
import { health } from "./health.ts";

export const serviceHealth: HealthCheck = (object) => {
  if (object.string("spec", "type") !== "LoadBalancer") return health("Healthy");
  return health(object.list("status", "loadBalancer", "ingress").length > 0 ? "Healthy" : "Progressing");
};
