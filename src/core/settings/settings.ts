import type { SourceSettings } from "#core/source/index.ts";
import { defaultSourceSettings } from "#core/source/index.ts";
import type { TrackingMethod } from "#core/tracking/index.ts";
import type { ResourceFilter } from "./resource-filter.ts";
import { defaultExclusions } from "./resource-filter.ts";

/** What `argocd-cm` says about how Applications are reconciled. */
export interface Settings {
  /** `timeout.reconciliation`: how often Git is asked without a reason; 0 for never. */
  readonly reconciliationTimeoutMs: number;
  /** `timeout.reconciliation.jitter`: up to this much is added at random. */
  readonly reconciliationJitterMs: number;
  /** `application.resourceTrackingMethod`. */
  readonly trackingMethod: TrackingMethod;
  /** `application.instanceLabelKey`. */
  readonly instanceLabelKey: string;
  /** `installationID`; empty when there is none. */
  readonly installationId: string;
  /** `cluster.inClusterEnabled`: whether Applications may be deployed to the cluster that Mooring runs in. */
  readonly inClusterEnabled: boolean;
  /** `resource.inclusions` and `resource.exclusions`. */
  readonly resourceFilter: ResourceFilter;
  /** `resource.compareoptions`, as written. */
  readonly compareOptions: string | undefined;
  /** How sources are rendered. */
  readonly source: SourceSettings;
}

export const defaultSettings: Settings = Object.freeze({
  reconciliationTimeoutMs: 120_000,
  reconciliationJitterMs: 60_000,
  trackingMethod: "annotation",
  instanceLabelKey: "app.kubernetes.io/instance",
  installationId: "",
  inClusterEnabled: true,
  resourceFilter: { inclusions: [], exclusions: defaultExclusions },
  compareOptions: undefined,
  source: defaultSourceSettings,
});
