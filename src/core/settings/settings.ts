import type { GlobalProject } from "#core/project/global-projects.ts";
import type { SourceSettings } from "#core/source/index.ts";
import { defaultSourceSettings } from "#core/source/index.ts";
import type { TrackingMethod } from "#core/tracking/index.ts";
import type { ComparisonSettings } from "./customizations.ts";
import type { ActionScripts } from "./action-scripts.ts";
import type { HealthScripts } from "./health-scripts.ts";
import { noHealthScripts } from "./health-scripts.ts";
import { presetIgnoredUpdates } from "./presets.ts";
import type { ResourceFilter } from "./resource-filter.ts";
import { defaultExclusions } from "./resource-filter.ts";

/** What `argocd-cm` says about how Applications are reconciled. */
export interface Settings extends ComparisonSettings {
  /** `timeout.reconciliation`: how often Git is asked without a reason; 0 for never. */
  readonly reconciliationTimeoutMs: number;
  /** `timeout.reconciliation.jitter`: up to this much is added at random. */
  readonly reconciliationJitterMs: number;
  /** `webhook.refresh.jitter`: where a webhook concerns many applications, each is looked at up to so much later. */
  readonly webhookJitterMs: number;
  /** `webhook.refresh.jitter.threshold`: up to so many applications are few. */
  readonly webhookJitterThreshold: number;
  /** `application.resourceTrackingMethod`. */
  readonly trackingMethod: TrackingMethod;
  /** `application.instanceLabelKey`. */
  readonly instanceLabelKey: string;
  /** `installationID`; empty when there is none. */
  readonly installationId: string;
  /** `cluster.inClusterEnabled`: whether Applications may be deployed to the cluster that Mooring runs in. */
  readonly inClusterEnabled: boolean;
  /** `application.sync.impersonation.enabled`: syncs write as service accounts that projects name. */
  readonly syncImpersonation: boolean;
  /** `resource.inclusions` and `resource.exclusions`. */
  readonly resourceFilter: ResourceFilter;
  /** `resource.customizations` and `mooring.health`: health checks of the user's own. */
  readonly healthScripts: HealthScripts;
  /** `resource.customizations`: actions of the user's own, by `group/Kind`, and by `Kind` in the core group. */
  readonly actionScripts: Readonly<Record<string, ActionScripts>>;
  /** `resource.sensitive.mask.annotations`: annotations whose values are shown to nobody. */
  readonly sensitiveAnnotations: readonly string[];
  /** `globalProjects`: projects whose rules others have, too. */
  readonly globalProjects: readonly GlobalProject[];
  /** `commit.author.name` and `commit.author.email`: who commits rendered manifests. */
  readonly commitAuthor: { readonly name: string; readonly email: string };
  /** How sources are rendered. */
  readonly source: SourceSettings;
}

export const defaultSettings: Settings = Object.freeze({
  reconciliationTimeoutMs: 120_000,
  reconciliationJitterMs: 60_000,
  webhookJitterMs: 0,
  webhookJitterThreshold: 10,
  trackingMethod: "annotation",
  instanceLabelKey: "app.kubernetes.io/instance",
  installationId: "",
  inClusterEnabled: true,
  syncImpersonation: false,
  resourceFilter: { inclusions: [], exclusions: defaultExclusions },
  ignoreDifferences: [],
  ignoreResourceUpdates: presetIgnoredUpdates,
  knownTypeFields: [],
  healthScripts: noHealthScripts,
  actionScripts: {},
  sensitiveAnnotations: [],
  globalProjects: [],
  commitAuthor: { name: "Mooring", email: "mooring@localhost" },
  source: defaultSourceSettings,
});
