import type { AppKey } from "#core/app/index.ts";
import type { ClusterRecord } from "#core/cluster/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import type { Cluster } from "./cluster.ts";

interface Target {
  readonly references: AppReferences;
  /** Not to be disposed of. */
  readonly cluster: Cluster;
}

/** The clusters that applications are deployed to, as this process reaches them. */
export interface Targets {
  /**
   * Where an application is deployed, with what it refers to. Throws APP_NOT_FOUND, and APP_INVALID for an Application that refers to what is
   * not there or not permitted.
   */
  targetOf(app: AppKey): Target;
  /** A cluster that applications may be deployed to; not to be disposed of. */
  clusterOf(record: ClusterRecord): Cluster;
}
