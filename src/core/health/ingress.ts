import type { HealthCheck } from "./check.ts";
import { health } from "./health.ts";

/** Healthy once a load balancer answers for it. */
export const ingressHealth: HealthCheck = (object) =>
  health(object.list("status", "loadBalancer", "ingress").length > 0 ? "Healthy" : "Progressing");
