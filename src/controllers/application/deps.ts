import type { AppKey } from "#core/app/index.ts";
import type { Log } from "#runtime/log.ts";
import type { Semaphore } from "#runtime/semaphore.ts";
import type { WorkQueue } from "#runtime/work-queue.ts";
import type { ClusterBreaker } from "../clusters/breaker.ts";
import type { ClusterRegistry } from "../clusters/registry.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { Hub } from "../hub/hub.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import type { AppState } from "./state.ts";
import type { StatusPace } from "./status-pace.ts";

/** What every step of the application controller works with. */
export interface ApplicationDeps {
  readonly hub: Hub;
  readonly config: () => HubConfig;
  readonly registry: ClusterRegistry;
  readonly breaker: ClusterBreaker;
  readonly adapters: SourceAdapters;
  /** Removes credentials from a text that other programs had a part in. */
  readonly redact: (text: string) => string;
  readonly secretHash: (value: string) => string;
  readonly random: () => number;
  readonly log: Log;
  readonly queue: WorkQueue<AppKey>;
  readonly states: Map<AppKey, AppState>;
  /** The newest commit seen of a repository's revision, by `url revision`. */
  readonly commits: Map<string, string>;
  readonly pace: StatusPace;
  /** Slots for operations. */
  readonly operations: Semaphore;
  /** Operations that run; awaited at shutdown. */
  readonly tasks: Set<Promise<void>>;
  readonly writeConcurrency: number;
  /** Aborts when the controller stops. */
  readonly signal: AbortSignal;
}
