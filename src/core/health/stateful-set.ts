import type { HealthCheck } from "./check.ts";
import type { Fields } from "./fields.ts";
import type { Health } from "./health.ts";
import { health } from "./health.ts";

export const statefulSetHealth: HealthCheck = (object) => {
  const observed = object.count("status", "observedGeneration");
  if (observed === 0 || object.count("metadata", "generation") > observed) {
    return health("Progressing", "Waiting for statefulset spec update to be observed...");
  }
  const wanted = object.number("spec", "replicas");
  const ready = object.count("status", "readyReplicas");
  if (wanted !== undefined && ready < wanted) {
    return health("Progressing", `Waiting for ${wanted - ready} pods to be ready...`);
  }
  const strategy = object.string("spec", "updateStrategy", "type");
  if (strategy === "OnDelete") return health("Healthy", `statefulset has ${ready} ready pods`);
  if (strategy === "RollingUpdate" && object.has("spec", "updateStrategy", "rollingUpdate")) {
    return partitionedHealth(object, wanted);
  }
  return revisionHealth(object);
};

/** Pods below the partition keep the old revision on purpose. */
function partitionedHealth(object: Fields, wanted: number | undefined): Health {
  const updated = object.count("status", "updatedReplicas");
  const partition = object.number("spec", "updateStrategy", "rollingUpdate", "partition");
  if (wanted !== undefined && partition !== undefined && updated < wanted - partition) {
    return health(
      "Progressing",
      `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...`,
    );
  }
  return health("Healthy", `partitioned roll out complete: ${updated} new pods have been updated...`);
}

function revisionHealth(object: Fields): Health {
  const current = object.string("status", "currentRevision");
  const next = object.string("status", "updateRevision");
  if (current !== next) {
    const updated = object.count("status", "updatedReplicas");
    return health(
      "Progressing",
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${next}...`,
    );
  }
  const replicas = object.count("status", "currentReplicas");
  return health("Healthy", `statefulset rolling update complete ${replicas} pods at revision ${current}...`);
}
