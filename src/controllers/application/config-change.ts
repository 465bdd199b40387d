import type { AppKey } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { WorkQueue } from "#runtime/work-queue.ts";
import type { ClusterRegistry } from "../clusters/registry.ts";
import type { Hub } from "#ports/hub.ts";

interface Affected {
  readonly hub: Hub;
  readonly registry: ClusterRegistry;
  readonly queue: WorkQueue<AppKey>;
}

/** Has every application looked at again when the configuration says something else than before. */
export function applyConfigChange(
  before: HubConfig,
  after: HubConfig,
  { hub, registry, queue }: Affected,
): void {
  forgetMovedClusters(before, after, registry);
  if (isSameConfig(before, after)) return;
  for (const object of hub.applications.values()) queue.add(appKeyOf(object));
}

/** Labelled ConfigMaps change for many reasons, heartbeats among them; what is read from them seldom does. */
function isSameConfig(before: HubConfig, after: HubConfig): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** Closes what is no longer registered; all of it when objects are marked in another way, because the stores index marks. */
function forgetMovedClusters(before: HubConfig, after: HubConfig, registry: ClusterRegistry): void {
  const marks = ({ settings }: HubConfig) => [
    settings.trackingMethod,
    settings.instanceLabelKey,
    settings.installationId,
  ];
  const same = jsonEqual(marks(before), marks(after));
  registry.keepOnly(same ? after.clusters : []);
}
