import type { AppKey, Application } from "#core/app/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { FollowedSource } from "#core/webhook/index.ts";
import type { GitWriter } from "#ports/git-writer.ts";
import type { Hub } from "#ports/hub.ts";
import type { Log } from "#runtime/log.ts";
import type { SourceAdapters } from "../application/refresh-desired.ts";
import type { ClusterRegistry } from "../clusters/registry.ts";

/** What hydration works with. */
export interface HydrationDeps {
  readonly hub: Hub;
  readonly config: () => HubConfig;
  readonly registry: ClusterRegistry;
  readonly adapters: SourceAdapters;
  readonly writer: GitWriter;
  /** What commits say they were made by. */
  readonly version: string;
  readonly redact: (text: string) => string;
  readonly random: () => number;
  readonly log: Log;
  readonly maxAgeMs: (sources: readonly FollowedSource[]) => number;
  /** Told of every application whose branch has a new commit. */
  readonly onHydrated: (key: AppKey, source: FollowedSource) => void;
  readonly parse: (key: AppKey) => Application | undefined;
}
