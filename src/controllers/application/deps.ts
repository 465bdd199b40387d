import type { AppKey } from "#core/app/index.ts";
import type { PlanHash } from "#core/sync/index.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { GitHistory } from "#ports/git-history.ts";
import type { TimelineStore } from "#ports/timeline.ts";
import type { Log } from "#runtime/log.ts";
import type { Semaphore } from "#runtime/semaphore.ts";
import type { HealthChecks } from "#engine/scripted-health.ts";
import type { WorkQueue } from "#runtime/work-queue.ts";
import type { ClusterBreaker } from "../clusters/breaker.ts";
import type { ClusterRegistry } from "../clusters/registry.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { Hub } from "#ports/hub.ts";
import type { DependencyIndex } from "../dependencies/dependency-index.ts";
import type { StageIndex } from "../promotion/stage-index.ts";
import type { Hydration } from "../hydration/index.ts";
import type { Contests } from "./contests.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import type { SourceNews } from "./source-news.ts";
import type { AppState } from "./state.ts";
import type { StatusPace } from "./status-pace.ts";

/** What every step of the application controller works with. */
export interface ApplicationDeps {
  readonly hub: Hub;
  readonly config: () => HubConfig;
  readonly registry: ClusterRegistry;
  readonly breaker: ClusterBreaker;
  readonly adapters: SourceAdapters;
  /** Commits what dry sources render to. */
  readonly hydration: Hydration;
  /** Runs users' jq expressions. */
  readonly scripts: Scripts;
  readonly healthChecks: HealthChecks;
  /** Removes credentials from a text that other programs had a part in. */
  readonly redact: (text: string) => string;
  readonly secretHash: (value: string) => string;
  readonly planHash: PlanHash;
  readonly random: () => number;
  readonly log: Log;
  readonly queue: WorkQueue<AppKey>;
  readonly states: Map<AppKey, AppState>;
  /** The newest commit seen of a repository's revision, by `url revision`. */
  readonly commits: Map<string, string>;
  /** Of which sources webhooks told. */
  readonly news: SourceNews;
  readonly contests: Contests;
  /** Which Applications are in stages of Pipelines. */
  readonly stages: Pick<StageIndex, "claimsOf">;
  /** Who waits for whom. */
  readonly dependencies: DependencyIndex;
  readonly pace: StatusPace;
  /** Keeps what happened, for people to look back at; undefined where nobody will. */
  readonly timeline?: TimelineStore | undefined;
  /** What led to what in Git; undefined where nobody asks. */
  readonly history?: GitHistory | undefined;
  /** Applications looked at in parallel. */
  readonly statusProcessors: number;
  /** Slots for operations. */
  readonly operations: Semaphore;
  /** Operations that run; awaited at shutdown. */
  readonly tasks: Set<Promise<void>>;
  readonly writeConcurrency: number;
  /** Between two waves of a sync; 0 for none. */
  readonly waveDelayMs: number;
  /** Aborts when the controller stops. */
  readonly signal: AbortSignal;
}
